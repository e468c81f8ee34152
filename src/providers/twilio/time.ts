/** RFC 2822 as Twilio's 2010 API writes it: 'Thu, 24 Aug 2023 05:01:45 +0000' */
export function rfc2822(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}

/** '2015-07-30T20:00:00Z', as the v1 and v2 APIs write it */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Twilio keeps whole seconds. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
