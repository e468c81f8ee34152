import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation } from '../../model/provider.ts';
import type { JsonCall, JsonCallInContext, JsonRoute } from '../wire/json-api.ts';
import { asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import type { Verification } from '../../model/side-effect.ts';
import { notFound } from './error.ts';
import { pinId } from './pin.ts';

const list = '/2fa/2/applications';

/** Applications of 2FA and their message templates, remembered. A code may be sent for any: those set up elsewhere count as there. */
export const applications: readonly JsonRoute[] = [
  ...resource('applications', 'applicationId', `^${list}/?$`, `^${list}/${pinId}$`),
  ...resource('messages', 'messageId', `^${list}/${pinId}/messages$`, `^${list}/${pinId}/messages/${pinId}$`),
];

function resource(kind: string, key: string, all: string, one: string): readonly JsonRoute[] {
  const operation = `2fa.${kind}`;
  const owner = ({ ids }: JsonCall): { readonly [name: string]: string } => kind === 'messages' ? { applicationId: ids[0] ?? '' } : {};
  return [
    {
      method: 'POST', path: new RegExp(all), operation: `${operation}.create`, effects: (call) => changed(`${operation}.create`, call),
      answer: async (call) => {
        const value: JsonObject = { ...asObject(call.body), ...owner(call), [key]: call.context.id('', { length: 32, alphabet: 'hex' }).toUpperCase() };
        return { reply: jsonReply(200, value), remember: [{ kind, id: String(value[key]), expectVersion: 0, value, index: owner(call) }] };
      },
    },
    { method: 'GET', path: new RegExp(all), operation: `${operation}.list`, answer: async (call) => ({ reply: jsonReply(200, (await call.context.list(kind, { where: owner(call), limit: 1000 })).items.map(({ value }) => value)) }) },
    { method: 'GET', path: new RegExp(one), operation: `${operation}.get`, answer: (call) => withOne(call, kind, async (value) => ({ reply: jsonReply(200, value) })) },
    {
      method: 'PUT', path: new RegExp(one), operation: `${operation}.update`, effects: (call) => changed(`${operation}.update`, call),
      answer: (call) => withOne(call, kind, async (before, version) => {
        const value: JsonObject = { ...before, ...asObject(call.body), ...owner(call), [key]: call.ids.at(-1) ?? '' };
        return { reply: jsonReply(200, value), remember: [{ kind, id: call.ids.at(-1) ?? '', expectVersion: version, value, index: owner(call) }] };
      }),
    },
  ];
}

/** It reaches nobody: codes are sent by calls of their own. */
function changed(operation: string, { body }: JsonCall): readonly Verification[] | Unread {
  return asObject(body) === null ? unreadable('the body is not a JSON object') : [{ channel: 'verification', provider: 'infobip', operation, liveness: 'unknown', recipients: [], keys: [], by: null, code: null }];
}

async function withOne({ request, ids, context }: JsonCallInContext, kind: string, then: (value: JsonObject, version: number) => Promise<Simulation<HttpResponse>>): Promise<Simulation<HttpResponse>> {
  const known = await context.recall(kind, ids.at(-1) ?? '');
  return known === null ? { reply: notFound(request, `${kind} ${ids.at(-1) ?? ''}`) } : then(known.value as JsonObject, known.version);
}
