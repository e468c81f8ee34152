import type { HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { bearer } from '../wire/credential.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import { jsonReply } from '../wire/reply.ts';
import { errorReply } from './error.ts';
import { events, later, sign } from './events.ts';
import { mediaRoutes } from './media.ts';
import { messageRoute } from './messages.ts';

const routes = [messageRoute, ...mediaRoutes];

/**
 * WhatsApp Cloud API, a part of the Graph API. The rest of the host (pages, advertisements, Instagram) is not simulated and says so.
 * Test numbers write to real people, so liveness is unknown. https://developers.facebook.com/docs/whatsapp/cloud-api
 */
export const whatsapp = {
  name: 'whatsapp',
  channels: ['chat'],
  about: {
    operations: [...new Set([...routes.map(({ operation }) => operation), 'messages.mark_as_read'])],
    fidelity: 'messages of every type, marks as read and uploads, with signed statuses; templates are not rendered and not checked, files cannot be downloaded, numbers, templates and profiles cannot be changed; nothing else of the Graph API is simulated',
    verified: null,
  },
  hosts: [{ host: 'graph.facebook.com' }],

  account({ headers, query }) {
    const fields = parseQuery(query);
    return bearer(headers) ?? (fields.kind === 'form' ? formAll(fields.fields, 'access_token')[0] ?? null : null);
  },

  decode(request): Decoded {
    const decoded = decodeCall('WhatsApp', routes, request);
    const known = routes.some(({ method, path }) => method === request.method && path.test(request.path));
    return known || decoded.kind !== 'unrecognized' ? decoded : { kind: 'unrecognized', why: `Graph API: ${request.method} ${edgeOf(request.path)} is not simulated; of this host only messages and media of WhatsApp are` };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('WhatsApp', routes, request);
    if (found.kind === 'routed') return found.route.answer({ ...found.call, context });
    return { reply: jsonReply(400, { error: { message: 'Unsupported request', type: 'GraphMethodException', code: 100, fbtrace_id: context.id('A', { length: 22 }) } }) };
  },

  /** 131030 is what Meta says of a number that this sender may not write to. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(400, 131030, `Recipient phone number not in allowed list: ${rule}: ${reason}`, `refused by the staging gateway, capture ${capture}`, capture);
  },

  events,
  later,
  sign,
} as const satisfies HttpProvider;

/** What is asked of an object, without the object. */
function edgeOf(path: string): string {
  return path.split('/').slice(0, 6).map((part) => /^[A-Za-z][A-Za-z_-]{0,39}$|^v[0-9]{1,3}\.[0-9]{1,2}$|^$/.test(part) ? part : '*').join('/');
}
