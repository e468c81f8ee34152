import { createHash } from 'node:crypto';
import { formBody } from '../wire/body.ts';
import { basic } from '../wire/credential.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';

const grants: Readonly<Record<string, string | null>> = { client_credentials: null, refresh_token: 'refresh_token', authorization_code: 'code', registration_code: 'registration_code' };

/** One login always gets the same token: what is remembered of it stays its own when the token is renewed. https://docs.wise.com/api-reference/oauth-token */
export const loginRoutes: readonly JsonRoute[] = [{
  method: 'POST', path: /^\/oauth\/token$/, operation: 'oauth.token',
  read: (request) => {
    const form = formBody(request);
    if (form.kind === 'unreadable') return form;
    if (new Set(form.fields.map(([name]) => name)).size !== form.fields.length) return unreadable('a parameter is given twice');
    return { kind: 'content', body: Object.fromEntries(form.fields), query: [] };
  },
  answer: async ({ request, body }) => {
    const client = basic(request.headers);
    if (client === null) return { reply: jsonReply(401, { error: 'invalid_client', error_description: 'Bad client credentials' }) };
    const form = asObject(body);
    const grant = asString(field(form, 'grant_type')) ?? '';
    if (!Object.hasOwn(grants, grant)) return { reply: jsonReply(400, { error: 'unsupported_grant_type', error_description: `Unsupported grant type: ${grant.slice(0, 50)}` }) };
    const by = grants[grant]!;
    const proof = by === null ? '' : asString(field(form, by));
    if (proof === null || (by !== null && proof === '')) return { reply: jsonReply(400, { error: 'invalid_request', error_description: `${by} is missing` }) };
    const refresh = grant === 'refresh_token' ? proof : uuidOf(`${client.user} ${grant} ${proof}`);
    return {
      reply: jsonReply(200, {
        access_token: uuidOf(`${client.user} ${refresh}`), token_type: 'bearer', expires_in: 43_199, expires_at: null, scope: 'transfers',
        ...(by === null ? {} : { refresh_token: refresh }),
      }),
    };
  },
}];

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(`wise token ${text}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
