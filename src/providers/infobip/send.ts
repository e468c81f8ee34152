import type { HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import type { JsonCallInContext } from '../wire/json-api.ts';
import { msisdn } from '../wire/msisdn.ts';
import { jsonReply } from '../wire/reply.ts';
import { segmentsOf } from '../wire/segments.ts';
import { parsePhone } from '../../model/address/phone.ts';
import { ibError } from './error.ts';
import { report } from './event.ts';
import type { StoredMessage } from './event.ts';
import { bare } from './parts.ts';
import { readSms } from './sms.ts';
import type { SmsMessage } from './sms.ts';
import { accepted, badDestination } from './status.ts';

/** ms after which a message counts as delivered */
export const takes = 2000;

export async function sendSms(call: JsonCallInContext): Promise<Simulation<HttpResponse>> {
  const { request, context } = call;
  const read = readSms(call);
  if (read.kind === 'unreadable') return { reply: ibError(request, 400, 'BAD_REQUEST', read.why) };
  if (read.messages.some(({ text }) => text === null || text === '')) return { reply: ibError(request, 400, 'BAD_REQUEST', 'Bad Request: a message has no text') };
  const bulkId = read.bulkId ?? context.id('', { length: 19, alphabet: 'digits' });
  const v3 = request.path.startsWith('/sms/3/');
  const answers: unknown[] = [];
  const remember: Remember[] = [];
  const callbacks: CallbackDraft[] = [];
  for (const message of read.messages) {
    for (const { to, messageId } of message.destinations) {
      const stored = storedOf(message, { to, bulkId, messageId: messageId ?? context.uuid(), v3, context });
      const wrong = parsePhone(msisdn(to)).kind === 'invalid';
      const count = segmentsOf(message.text ?? '').count;
      answers.push({
        messageId: stored.messageId, status: wrong ? badDestination : accepted, ...v3 ? { destination: bare(to) } : { to: bare(to) },
        ...read.counted ? v3 ? { details: { messageCount: count } } : { smsCount: count } : {},
      });
      if (wrong || remember.some(({ id }) => id === stored.messageId)) continue;
      remember.push(await keep(context, stored));
      callbacks.push(...report(stored, { name: 'DELIVERED', at: stored.dueAt, detail: null }));
    }
  }
  return { reply: jsonReply(200, { bulkId, messages: answers }), remember, callbacks };
}

/** A caller's own id may be one that was used before: the later message takes its place. */
export async function keep(context: SimulationContext, stored: StoredMessage): Promise<Remember> {
  const expectVersion = (await context.recall('message', stored.messageId))?.version ?? 0;
  return { kind: 'message', id: stored.messageId, expectVersion, value: stored, index: { to: stored.to, ...stored.bulkId === null ? {} : { bulkId: stored.bulkId } } };
}

function storedOf(message: SmsMessage, { to, bulkId, messageId, v3, context }: { readonly to: string; readonly bulkId: string; readonly messageId: string; readonly v3: boolean; readonly context: SimulationContext }): StoredMessage {
  const planned = Date.parse((message.sendAt ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  const sentAt = Number.isNaN(planned) ? context.now : Math.max(planned, context.now);
  return {
    channel: 'sms', version: v3 ? 3 : 1, bulkId, messageId, to: bare(to), address: msisdn(to), from: message.from, text: message.text, sentAt, dueAt: sentAt + takes, end: null, told: false,
    notifyUrl: message.notifyUrl, contentType: message.contentType, callbackData: message.callbackData,
  };
}
