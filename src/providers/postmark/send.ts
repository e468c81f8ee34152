import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { CallbackDraft, Remember, Simulation, SimulationContext } from '../../model/provider.ts';
import { jsonReply } from '../wire/reply.ts';
import { testBounce } from './bounces.ts';
import { errorReply, noToken } from './error.ts';
import type { PostmarkFault } from './error.ts';
import { happening } from './events.ts';
import type { Happening } from './events.ts';
import { messageFault } from './faults.ts';
import { readMessages } from './message.ts';
import type { Message, SendShape } from './message.ts';
import { bounceHeader, recipientsOf, rememberMessage, storedMessage, streamOf, suppressionId, time } from './stored.ts';
import { isTest, tokenOf } from './token.ts';

/** in ms, until the other server has taken the mail */
const delivery = 1000;
const mostInBatch = 500;

/** What Postmark answers to a sending call; a message of a batch fails alone, and the call still succeeds. */
export async function answerSend(request: HttpRequest, shape: SendShape, operation: string, context: SimulationContext): Promise<Simulation<HttpResponse>> {
  if (tokenOf(request.headers) === null) return { reply: errorReply(401, noToken) };
  const read = readMessages(request, shape, operation);
  if (read.kind === 'unreadable') return { reply: errorReply(422, { ErrorCode: 402, Message: `Received invalid JSON input. ${read.why}` }) };
  const { messages } = read;
  if (messages.length > mostInBatch && shape !== 'bulk') return { reply: errorReply(422, { ErrorCode: 410, Message: `Only ${mostInBatch} messages may be sent in one batch.` }) };

  const test = isTest(request.headers);
  const bulk = shape === 'bulk' ? context.uuid() : null;
  const results: Result[] = [];
  for (const message of messages) results.push(await send(message, { test, bulk, context }));
  // The same address may bounce twice in one batch: it is suppressed once.
  const remember = [...new Map(results.flatMap((result) => result.remember).map((each) => [`${each.kind}\n${each.id}`, each])).values()];
  const callbacks = results.flatMap((result) => result.callbacks);
  if (bulk !== null) {
    const accepted = { Id: bulk, Status: 'Accepted', SubmittedAt: time(context.now) };
    const stored = { ...accepted, TotalMessages: messages.length, Subject: messages[0]?.body['Subject'] ?? '', completedAt: context.now + delivery };
    return { reply: jsonReply(200, accepted), remember: [...remember, { kind: 'bulk', id: bulk, expectVersion: 0, value: stored }], callbacks };
  }
  const first = results[0]!.answer;
  if (shape !== 'single') return { reply: jsonReply(200, results.map(({ answer }) => answer)), remember, callbacks };
  return first.ErrorCode === 0 ? { reply: jsonReply(200, first), remember, callbacks } : { reply: errorReply(422, first) };
}

interface Result {
  readonly answer: PostmarkFault & { readonly To?: string; readonly SubmittedAt?: string; readonly MessageID?: string };
  readonly remember: readonly Remember[];
  readonly callbacks: readonly CallbackDraft[];
}

async function send(message: Message, { test, bulk, context }: { readonly test: boolean; readonly bulk: string | null; readonly context: SimulationContext }): Promise<Result> {
  const fault = messageFault(message);
  if (fault !== null) return { answer: fault, remember: [], callbacks: [] };
  const stored = storedMessage(message, context.uuid(), streamOf(message.body, bulk === null ? 'other' : 'bulk'), context.now);
  const accepted = { ErrorCode: 0, Message: test ? 'Test job accepted' : 'OK', MessageID: stored.MessageID, SubmittedAt: stored.ReceivedAt, To: toOf(message) };
  if (test) return { answer: accepted, remember: [], callbacks: [] };

  const recipients = [...new Set(recipientsOf(stored))];
  const inactive: string[] = [];
  for (const recipient of recipients) if (await context.recall('suppression', suppressionId(stored.MessageStream, recipient)) !== null) inactive.push(recipient);
  if (recipients.length > 0 && inactive.length === recipients.length) {
    return {
      answer: { ErrorCode: 406, Message: `You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: ${inactive.join(', ')}. Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression.` },
      remember: [], callbacks: [],
    };
  }
  const happened: Happening[] = [];
  for (const recipient of recipients.filter((each) => !inactive.includes(each))) {
    const name = testBounce(recipient, bounceHeader(message.body))?.Type ?? 'Delivery';
    const told = await happening(name, stored, recipient, null, context.now + delivery, context);
    if (told !== null) happened.push(told);
  }
  return {
    answer: inactive.length === 0 ? accepted : { ...accepted, Message: `Message OK, but will not deliver to these inactive addresses: ${inactive.join(', ')}.` },
    remember: [rememberMessage({ ...stored, events: happened.map(({ event }) => event) }, 0, bulk), ...happened.flatMap(({ remember }) => remember)],
    callbacks: happened.map(({ callback }) => callback),
  };
}

/** As the call wrote it, display names and all. */
function toOf({ body }: Message): string {
  const to = body['To'];
  return typeof to === 'string' ? to : '';
}
