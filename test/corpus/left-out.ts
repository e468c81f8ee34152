/** Cases that are not judged, by id, each with the RFC or vendor page that shows why. */
export const leftOut: Readonly<Record<string, string>> = {};

/**
 * Settings a case asks for that the gateway does not have. SMTP AUTH is "accepted by default" (interface.md): it tells who
 * calls and keeps nobody out, so a session without it, or with any password, is a session like others. Such a case must
 * still be contained: whatever is taken is captured and can never be relayed.
 */
export const notOffered: Readonly<Record<string, string>> = { 'auth=required': 'capture-no-relay' };
