import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { basic } from '../wire/credential.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import { decodeCall, routed } from '../wire/json-api.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { applications } from './applications.ts';
import { ibError } from './error.ts';
import { whatFollows } from './event.ts';
import { pins, recalledPin } from './pin.ts';
import { messageInQuery } from './query.ts';
import { reports } from './reports.ts';
import { sendSms } from './send.ts';
import { smsEffects } from './sms.ts';
import { events } from './status.ts';
import { whatsapp } from './whatsapp.ts';

const routes: readonly JsonRoute[] = [
  { method: 'POST', path: /^\/sms\/3\/messages$/, operation: 'sms.messages', effects: smsEffects, answer: sendSms },
  { method: 'POST', path: /^\/sms\/[12]\/(?:text\/(?:single|multi|advanced)|binary\/(?:single|multi|advanced))$/, operation: 'sms.send', effects: smsEffects, answer: sendSms },
  // It sends, though it is a GET.
  { method: 'GET', path: /^\/sms\/(?:1\/text\/query|3\/text\/query)$/, operation: 'sms.query', read: messageInQuery, effects: smsEffects, answer: sendSms },
  ...pins, ...applications, ...whatsapp, ...reports,
];

/** Infobip. https://www.infobip.com/docs/api */
export const infobip = {
  name: 'infobip',
  channels: ['sms', 'chat', 'verification'],
  about: {
    operations: [...new Set(routes.map(({ operation }) => operation))],
    fidelity: 'SMS of every version, one-time codes with their applications and WhatsApp messages in full, with reports and logs; a code has four digits whatever its message asks for, a scheduled bulk cannot be changed, and reports are posted as JSON without a signature; no mail, voice, Viber, RCS, MMS or other channel',
    verified: { sdk: '@infobip-api/sdk', version: '0.3.2', date: '2026-11-21' },
  },
  hosts: ['*.api.infobip.com', 'api.infobip.com', 'api2.infobip.com', '*.api2.infobip.com', 'api-us.infobip.com'].map((host) => ({ host })),

  account(request) {
    const values = headerAll(request.headers, 'authorization');
    const key = values.length === 1 ? /^(?:App|Bearer|IBSSO) +(\S+)$/i.exec(values[0]!.trim())?.[1] ?? null : null;
    const query = parseQuery(request.query);
    return key ?? basic(request.headers)?.user ?? (values.length === 0 && query.kind === 'form' ? formAll(query.fields, 'username')[0] ?? null : null);
  },

  decode(request): Decoded {
    return decodeCall('Infobip', routes, request);
  },

  async recalled(request, decoded, context): Promise<Decoded> {
    const found = routed('Infobip', routes, request);
    return found.kind === 'routed' && found.route.operation === '2fa.pin.resend' ? recalledPin(found.call.ids[0] ?? '', decoded, context) : decoded;
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const found = routed('Infobip', routes, request);
    return found.kind === 'unreadable' ? { reply: ibError(request, 400, 'BAD_REQUEST', found.why) } : found.route.answer({ ...found.call, context });
  },

  /** The SDK gives its AxiosError back instead of throwing it: rule and reason are in the body of its response. */
  reject(request: HttpRequest, { rule, reason, capture }) {
    return ibError(request, 403, 'FORBIDDEN', `${rule}: ${reason} (refused by the staging gateway, capture ${capture})`);
  },

  events,
  later: whatFollows,
} as const satisfies HttpProvider;
