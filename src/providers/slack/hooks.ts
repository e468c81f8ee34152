import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Chat } from '../../model/side-effect.ts';
import { formBody, jsonBody } from '../wire/body.ts';
import { formAll } from '../wire/form.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { leaves } from '../wire/unknown-fields.ts';
import { lookalike } from '../wire/lookalike.ts';
import { mediaType } from '../wire/media-type.ts';
import { jsonReply, textReply } from '../wire/reply.ts';
import { strangers } from '../wire/strangers.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { addressee, merged } from './messages.ts';
import { chat } from './method.ts';
import { mentionsIn, saidBy } from './mentions.ts';
import { hookFailed } from './reply.ts';

/** The last part of each is the secret, and is no part of what the hook is called here. */
const paths = {
  hook: /^\/services\/([A-Z0-9]{1,40})\/([A-Z0-9]{1,40})\/[A-Za-z0-9]{1,120}$/,
  trigger: /^\/(triggers|workflows)\/([A-Za-z0-9]{1,40}(?:\/[A-Za-z0-9]{1,60}){1,2})\/[A-Za-z0-9]{1,120}$/,
};
const known = ['text', 'blocks', 'attachments', 'channel', 'username', 'icon_emoji', 'icon_url', 'link_names', 'parse', 'mrkdwn', 'unfurl_links', 'unfurl_media', 'thread_ts', 'reply_broadcast', 'response_type', 'replace_original', 'delete_original', 'metadata', 'markdown_text'];

/** 'services/T0/B0' or 'triggers/T0/123': what tells one hook from another without opening it. */
export function hookOf(path: string): { readonly kind: 'hook' | 'trigger'; readonly name: string } | null {
  const hook = paths.hook.exec(path);
  if (hook !== null) return { kind: 'hook', name: `services/${hook[1]}/${hook[2]}` };
  const trigger = paths.trigger.exec(path);
  return trigger === null ? null : { kind: 'trigger', name: `${trigger[1]}/${trigger[2]}` };
}

export function decodeHook(request: HttpRequest): Chat | Unread {
  const hook = hookOf(request.path);
  if (hook === null) return unreadable(`${/^\/(?:commands|actions|app)\//.test(request.path) ? 'answers to interactions are' : 'this hook is'} not simulated`);
  if (request.method !== 'POST' || request.query !== null) return unreadable('a hook takes a POST without a query');
  return hook.kind === 'hook' ? message(request, hook.name) : workflow(request, hook.name);
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; old ones may name another channel. */
function message(request: HttpRequest, name: string): Chat | Unread {
  const payload = payloadOf(request);
  if (payload.kind === 'unreadable') return payload;
  const { body } = payload;
  const odd = lookalike(Object.keys(body), known);
  if (odd !== null) return unreadable(`field '${odd.slice(0, 40)}' is not spelt as Slack spells it`);
  const channel = field(body, 'channel') ?? null;
  if (channel !== null && typeof channel !== 'string') return unreadable('channel is not a text');
  const text = field(body, 'text') ?? null;
  if (text !== null && typeof text !== 'string') return unreadable('text is not a text');
  const linkNames = [true, 1, '1', 'true'].includes((field(body, 'link_names') ?? false) as never) || field(body, 'parse') === 'full';
  const hook: Addressee = { address: name, kind: 'chat', role: 'webhook' };
  const named = trimmed(channel ?? '') === '' ? [hook] : [hook, addressee(trimmed(channel ?? ''))];
  const contents: readonly (JsonValue | undefined)[] = ['text', 'markdown_text', 'blocks', 'attachments'].map((each) => field(body, each));
  const recipients = merged(named, mentionsIn(contents, { linkNames }));
  const unknown = Object.fromEntries(Object.entries(body).filter(([each]) => !known.includes(each)));
  return chat('incoming_webhook', {
    recipients: [...recipients, ...strangers(leaves(unknown, 'body'), recipients)], from: asString(field(body, 'username')),
    text: text === null || text === '' ? asString(field(body, 'markdown_text')) ?? saidBy([field(body, 'blocks') ?? null, field(body, 'attachments') ?? null]) : text,
  });
}

/** What a workflow does with what it is told is written at Slack. */
function workflow(request: HttpRequest, name: string): Chat | Unread {
  const json = jsonBody(request);
  if (json.kind === 'unreadable') return json;
  const body = asObject(json.value);
  if (body === null) return unreadable('the body is not a JSON object');
  const recipients: readonly Addressee[] = [{ address: name, kind: 'audience', role: 'workflow' }];
  return chat('workflow.trigger', {
    recipients: [...recipients, ...strangers(leaves(body, 'body'), recipients)], text: JSON.stringify(body),
    keys: Object.entries(body).flatMap(([key, value]) => typeof value === 'string' ? [{ name: key, value }] : []),
  });
}

/** A JSON body, or a form with it in `payload`. */
function payloadOf(request: HttpRequest): { readonly kind: 'payload'; readonly body: JsonObject } | Unread {
  const object = (value: JsonValue): { readonly kind: 'payload'; readonly body: JsonObject } | Unread => {
    const body = asObject(value);
    return body === null ? unreadable('the payload is not a JSON object') : { kind: 'payload', body };
  };
  if (mediaType(request.headers)?.type !== 'application/x-www-form-urlencoded') {
    const json = jsonBody(request);
    return json.kind === 'unreadable' ? json : object(json.value);
  }
  const form = formBody(request);
  if (form.kind === 'unreadable') return form;
  const [payload = null] = formAll(form.fields, 'payload');
  if (form.fields.length !== 1 || payload === null) return unreadable('the form is not one field payload');
  const json = parseJson(Buffer.from(payload));
  return json.kind === 'unreadable' ? json : object(json.value);
}

export async function answerHook(request: HttpRequest, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  if (hookOf(request.path)?.kind === 'trigger') return { reply: jsonReply(200, { ok: true }) };
  const payload = payloadOf(request);
  if (payload.kind === 'unreadable') return { reply: hookFailed(400, 'invalid_payload') };
  const { body } = payload;
  const said = [asString(field(body, 'text')), asString(field(body, 'markdown_text')), ...['blocks', 'attachments'].map((name) => asArray(field(body, name))?.[0] ?? null)];
  if (said.every((each) => each === null || each === '')) return { reply: hookFailed(400, 'no_text') };
  return { reply: { ...textReply(200, 'ok'), headers: [['Content-Type', 'text/html'], ['X-Slack-Req-Id', context.id('', { length: 32, alphabet: 'hex' })]] } };
}
