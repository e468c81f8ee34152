import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded, Email } from '../../model/side-effect.ts';
import { basicAuthorization } from '../wire/basic-authorization.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import type { JsonObject } from '../wire/json.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import type { Unread } from '../wire/unread.ts';
import { changeRoutes } from './changes.ts';
import { errorReply, noToken } from './error.ts';
import { eventNames, laterAt } from './events.ts';
import { spelt } from './fields.ts';
import { readMessages } from './message.ts';
import type { SendShape } from './message.ts';
import { readRoutes } from './reads.ts';
import { answerSend } from './send.ts';
import { isTest, tokenOf } from './token.ts';

/** Postmark. https://postmarkapp.com/developer */
export const postmark = {
  name: 'postmark',
  channels: ['email'],
  about: {
    operations: ['email.send', 'email.batch', 'email.withTemplate', 'email.batchWithTemplates', 'email.bulk', ...[...changeRoutes, ...readRoutes].map(({ operation }) => operation)],
    fidelity: 'sends, suppressions and bounces in full, with every webhook but inbound ones; Postmark signs none, a secret user:password is sent as Basic authorization; templates, webhooks, streams and servers cannot be changed, templates are not rendered',
    verified: { sdk: 'postmark', version: '5.1.0', date: '2026-11-21' },
  },
  hosts: [{ host: 'api.postmarkapp.com' }],

  account: (request) => tokenOf(request.headers),

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    const route = routeOf(request);
    if (route === null) return unrecognized(`${request.method} ${request.path.split('/').slice(0, 3).join('/')} is not simulated`);
    const liveness = isTest(request.headers) ? 'test' : 'unknown';
    if (route.kind === 'read') {
      return isHarmlessBody(request) ? { kind: 'read', operation: route.operation, liveness } : unrecognized(`${route.operation} has a body`);
    }
    if (request.query !== null) return unrecognized(`${route.operation} has a query`);
    if (route.kind === 'send') {
      const read = readMessages(request, route.shape, route.operation);
      return read.kind === 'unreadable' ? unrecognized(`${route.operation}: ${read.why}`) : { kind: 'effects', effects: read.messages.map(({ email }) => email) };
    }
    const body = changeBody(request);
    const recipients = body.kind === 'unreadable' ? null : route.recipients(body.object, route.ids);
    if (recipients === null) return unrecognized(`${route.operation}: ${body.kind === 'unreadable' ? body.why : 'the body does not tell whom it is about'}`);
    return { kind: 'effects', effects: [{ ...nothingYet, operation: route.operation, liveness, recipients }] };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    const route = routeOf(request);
    if (route?.kind === 'send') return answerSend(request, route.shape, route.operation, context);
    if (tokenOf(request.headers) === null) return { reply: errorReply(401, noToken) };
    if (route?.kind === 'read') return { reply: await route.answer({ request, ids: route.ids, context }) };
    const body = changeBody(request);
    if (route === null || body.kind === 'unreadable') return { reply: errorReply(404, { ErrorCode: 404, Message: 'The requested resource was not found.' }) };
    return route.answer({ body: body.object, ids: route.ids, context });
  },

  /** 422 with the code of a server that may not send: every library of Postmark raises its own error, and none tries again. */
  reject(_request, { rule, reason, capture }) {
    return errorReply(422, { ErrorCode: 405, Message: `${rule}: ${reason} (refused by the staging gateway, capture ${capture})` });
  },

  events: eventNames,
  later: laterAt,
  sign: basicAuthorization('Postmark'),
} as const satisfies HttpProvider;

const sends: readonly { readonly path: RegExp; readonly shape: SendShape; readonly operation: string }[] = [
  { path: /^\/email\/?$/i, shape: 'single', operation: 'email.send' },
  { path: /^\/email\/batch\/?$/i, shape: 'batch', operation: 'email.batch' },
  { path: /^\/email\/withTemplate\/?$/i, shape: 'single', operation: 'email.withTemplate' },
  { path: /^\/email\/batchWithTemplates\/?$/i, shape: 'messages', operation: 'email.batchWithTemplates' },
  { path: /^\/email\/bulk\/?$/i, shape: 'bulk', operation: 'email.bulk' },
];

type Route =
  | { readonly kind: 'send'; readonly shape: SendShape; readonly operation: string }
  | ((typeof readRoutes)[number] & { readonly ids: readonly string[] })
  | ((typeof changeRoutes)[number] & { readonly ids: readonly string[] });

/** Letters of either case and a slash at the end: Postmark's own libraries write its paths differently. */
function routeOf({ method, path }: HttpRequest): Route | null {
  const send = method === 'POST' ? sends.find((each) => each.path.test(path)) : undefined;
  if (send !== undefined) return { kind: 'send', shape: send.shape, operation: send.operation };
  const routes = method === 'GET' ? readRoutes : changeRoutes.filter((each) => each.method === method);
  for (const route of routes) {
    const found = route.path.exec(path);
    if (found !== null) return { ...route, ids: found.slice(1) };
  }
  return null;
}

const nothingYet = {
  channel: 'email', provider: 'postmark', keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
} as const satisfies Omit<Email, 'operation' | 'recipients' | 'liveness'>;

/** Postmark's Java library sends the word null with every GET. */
function isHarmlessBody(request: HttpRequest): boolean {
  if (isBodiless(request)) return true;
  const body = jsonBody(request);
  return body.kind === 'json' && (body.value === null || JSON.stringify(body.value) === '{}');
}

function changeBody(request: HttpRequest): { readonly kind: 'object'; readonly object: JsonObject } | Unread {
  if (isHarmlessBody(request)) return { kind: 'object', object: {} };
  const json = jsonBody(request);
  return json.kind === 'unreadable' ? json : spelt(json.value);
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Postmark: ${why}` };
}
