import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import { formText } from '../wire/form.ts';
import { asArray, asObject, asString, field, parseJson } from '../wire/json.ts';
import { rememberMessage, rememberReject, storedFrom } from './stored.ts';
import type { StoredMessage } from './stored.ts';

/** https://mailchimp.com/developer/transactional/docs/webhooks/#event-types */
export const eventNames = ['send', 'delivered', 'deferral', 'hard_bounce', 'soft_bounce', 'open', 'click', 'spam', 'unsub', 'reject'] as const;

export interface Happening {
  readonly message: StoredMessage;
  readonly callback: CallbackDraft;
  readonly remember: readonly Remember[];
}

/** What an event makes of a message, what is told of it, and whom Mandrill mails no more; null for a name that is none of `eventNames`. */
export async function happening(name: string, stored: StoredMessage, detail: string | null, atMs: number, context: SimulationContext): Promise<Happening | null> {
  const ts = Math.floor(atMs / 1000);
  const told = async (change: Partial<StoredMessage>, more: { readonly msg?: object; readonly event?: object; readonly reject?: string } = {}): Promise<Happening> => {
    const message = { ...stored, ...change };
    return {
      message, callback: callbackOf(name, message, ts, atMs, more.msg ?? {}, more.event ?? {}),
      remember: more.reject === undefined ? [] : [await rememberReject(message.email, more.reject, detail ?? '', atMs, context)],
    };
  };
  const smtp = (type: string, diag: string): Partial<StoredMessage> => ({ smtp_events: [...stored.smtp_events, { ts, type, diag, source_ip: '127.0.0.1', destination_ip: '127.0.0.1', size: 0 }] });
  const bounce = (usual: string, bounce_description: string, bgtools_code: number): object => ({ diag: detail ?? usual, bounce_description, bgtools_code });
  const reader = { ip: '127.0.0.1', location: null, user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', user_agent_parsed: null };
  switch (name) {
    case 'send': return told({ state: 'sent' });
    case 'delivered': return told({ state: 'sent', ...smtp('sent', detail ?? '250 2.0.0 OK') });
    case 'deferral': return told({ state: 'deferred', ...smtp('deferred', detail ?? '451 4.3.5 Temporarily unavailable, try again later.') });
    case 'hard_bounce': return told({ state: 'bounced' }, { msg: bounce('smtp;550 5.1.1 The email account that you tried to reach does not exist.', 'bad_mailbox', 10), reject: 'hard-bounce' });
    case 'soft_bounce': return told({ state: 'soft-bounced' }, { msg: bounce('smtp;552 5.2.2 Over Quota', 'mailbox_full', 22) });
    case 'open': return told({ opens: stored.opens + 1, opens_detail: [...stored.opens_detail, { ts, ip: reader.ip, location: null, ua: 'Windows/Chrome' }] }, { event: reader });
    case 'click': {
      const url = detail ?? 'https://example.com/';
      return told({ clicks: stored.clicks + 1, clicks_detail: [...stored.clicks_detail, { ts, url, ip: reader.ip, location: null, ua: 'Windows/Chrome' }] }, { event: { ...reader, url } });
    }
    case 'spam': return told({ state: 'spam' }, { reject: 'spam' });
    case 'unsub': return told({ state: 'unsub' }, { event: reader, reject: 'unsub' });
    case 'reject': return told({ state: 'rejected' }, { msg: { reject: { reason: detail ?? 'hard-bounce', last_event_at: null } } });
    default: return null;
  }
}

function callbackOf(event: string, message: StoredMessage, ts: number, atMs: number, msg: object, more: object): CallbackDraft {
  const { opens_detail, clicks_detail, opens: _opens, clicks: _clicks, ...rest } = message;
  const body = [{ event, _id: message._id, ts, ...more, msg: { ...rest, opens: opens_detail, clicks: clicks_detail, ...msg, _version: '1' } }];
  return {
    target: 'mandrill', object: message._id, event, notBeforeMs: atMs, method: 'POST', headers: [['User-Agent', 'Mandrill-Webhook/1.0']],
    body: formText([['mandrill_events', JSON.stringify(body)]]), contentType: 'application/x-www-form-urlencoded; charset=utf-8',
  };
}

/** An event told of a captured call, now: to one of those it mailed, or to all. */
export async function laterAt(event: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  const read = parseJson(reply.body);
  const results = reply.status === 200 && read.kind === 'json' ? asArray(read.value) ?? [] : [];
  const effects = decoded.kind === 'effects' ? decoded.effects.filter((effect): effect is Email => effect.channel === 'email') : [];
  const remember = new Map<string, Remember>();
  const callbacks: CallbackDraft[] = [];
  for (const result of results) {
    const [email, id] = ['email', '_id'].map((name) => asString(field(asObject(result), name)));
    if (typeof email !== 'string' || typeof id !== 'string' || (event.recipient !== null && event.recipient.toLowerCase() !== email.toLowerCase())) continue;
    const known = await context.recall('message', id);
    const effect = effects.find(({ recipients }) => recipients.some(({ address }) => address === email)) ?? effects[0];
    if (known === null && effect === undefined) continue;
    const told = await happening(event.name, known === null ? storedFrom(effect!, { id, email, state: 'sent', ts: Math.floor(context.now / 1000) }) : known.value as StoredMessage, event.detail, context.now, context);
    if (told === null) continue;
    callbacks.push(told.callback);
    for (const one of [rememberMessage(told.message, known?.version ?? 0), ...told.remember]) remember.set(`${one.kind}\n${one.id}`, one);
  }
  return { remember: [...remember.values()], callbacks };
}
