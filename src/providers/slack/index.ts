import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { HttpProvider, Simulation } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { asksForAnotherMethod } from '../wire/method-override.ts';
import { callerOf } from '../wire/oauth.ts';
import { textReply } from '../wire/reply.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { readArguments, tokenOf } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods, recalledPeople } from './conversations.ts';
import { answerUpload, decodeUpload, fileMethods, recalledFiles, uploadCaller } from './files.ts';
import { answerHook, decodeHook, hookOf } from './hooks.ts';
import { effectOf } from './method.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { failed, refused } from './reply.ts';

const methods: ReadonlyMap<string, Method> = new Map([...chatMethods, ...fileMethods, ...conversationMethods, ...peopleMethods].map((method) => [method.name, method]));

/** Slack: the Web API, incoming webhooks, workflow triggers and file uploads. https://docs.slack.dev/reference/methods */
export const slack = {
  name: 'slack',
  channels: ['chat'],
  about: {
    operations: [...methods.keys(), 'files.upload', 'incoming_webhook', 'workflow.trigger'],
    fidelity: 'messages, scheduled messages, files, reactions and the reads around them; people and channels are made up as they are asked for, and only what was written here is found again; no answers to interactions, views, invitations, canvases, lists, search or socket mode, and no events: Slack tells nobody of deliveries',
    verified: { sdk: '@slack/web-api', version: '8.2.0', date: '2026-11-21' },
  },
  // Every workspace has a host of its own, with the same API.
  hosts: [{ host: 'slack.com' }, { host: '*.slack.com' }, { host: 'slack-gov.com' }, { host: '*.slack-gov.com' }],

  account(request) {
    switch (placeOf(request)) {
      case 'hooks': return hookOf(request.path)?.name ?? null;
      case 'files': return uploadCaller(request.path) ?? caller(request);
      case 'api': return caller(request);
    }
  },

  decode(request): Decoded {
    if (asksForAnotherMethod(request.headers)) return unrecognized('a header asks for another method');
    switch (placeOf(request)) {
      case 'files': return decodeUpload(request);
      case 'hooks': {
        const effect = decodeHook(request);
        return 'why' in effect ? unrecognized(`webhook: ${effect.why}`) : { kind: 'effects', effects: [effect] };
      }
      case 'api': {
        const call = calledBy(request);
        if (call.kind === 'unreadable') return unrecognized(call.why);
        const effect = effectOf(call.method, call.args);
        if (effect === null) return { kind: 'read', operation: call.method.name, liveness: 'unknown' };
        return 'why' in effect ? unrecognized(`${call.method.name}: ${effect.why}`) : { kind: 'effects', effects: [effect] };
      }
    }
  },

  async recalled(request, decoded, context): Promise<Decoded> {
    const call = placeOf(request) === 'api' ? calledBy(request) : null;
    if (decoded.kind !== 'effects' || call === null || call.kind === 'unreadable') return decoded;
    const effects = await Promise.all(decoded.effects.map(async (effect) => {
      if (effect.channel !== 'chat') return effect;
      const told = call.method.name === 'files.completeUploadExternal' ? await recalledFiles(effect, call.args, context) : effect;
      return recalledPeople(told, (kind, id) => context.recall(kind, id));
    }));
    return { kind: 'effects', effects };
  },

  async simulate(request, _decoded, context): Promise<Simulation<HttpResponse>> {
    switch (placeOf(request)) {
      case 'files': return answerUpload(request, context);
      case 'hooks': return hookOf(request.path) === null ? { reply: textReply(404, 'no_service') } : answerHook(request, context);
      case 'api': {
        const call = calledBy(request);
        if (call.kind === 'unreadable') return { reply: failed('unknown_method') };
        const account = caller(request);
        if (account === null && call.method.name !== 'api.test') return { reply: failed('not_authed') };
        return call.method.answer({ args: call.args, request, context, caller: account ?? callerOf('nobody') });
      }
    }
  },

  /** A refused upload says so in a 200 too; the library does not read it, and files.completeUploadExternal then finds no file. */
  reject(request, refusal) {
    return refused(placeOf(request) === 'hooks' ? hookOf(request.path)?.kind ?? 'hook' : 'api', refusal);
  },
} as const satisfies HttpProvider;

function placeOf({ authority: { host } }: HttpRequest): 'api' | 'hooks' | 'files' {
  if (/^hooks\.slack(?:-gov)?\.com$/.test(host)) return 'hooks';
  return /^files\.slack(?:-gov)?\.com$/.test(host) ? 'files' : 'api';
}

function caller(request: HttpRequest): string | null {
  const token = tokenOf(request);
  return token === null ? null : callerOf(token);
}

function calledBy(request: HttpRequest): { readonly kind: 'call'; readonly method: Method; readonly args: Arguments } | Unread {
  const name = /^\/api\/([A-Za-z0-9]{1,40}(?:\.[A-Za-z0-9]{1,40}){1,4})$/.exec(request.path)?.[1] ?? null;
  const method = name === null ? undefined : methods.get(name);
  if (name === 'files.upload') return unreadable('files.upload was taken out of service by Slack in November 2025: files.getUploadURLExternal takes its place');
  if (method === undefined) return unreadable(`${request.method} ${name ?? 'of this path'} is not simulated`);
  const args = readArguments(request);
  return args.kind === 'unreadable' ? unreadable(`${method.name}: ${args.why}`) : { kind: 'call', method, args };
}

function unrecognized(why: string): Decoded {
  return { kind: 'unrecognized', why: `Slack ${why}` };
}
