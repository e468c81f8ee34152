import type { CallbackDraft, Consequences, LaterEvent, SimulationContext } from '../../model/provider.ts';
import type { HttpResponse } from '../../model/exchange.ts';
import { formAll } from '../wire/form.ts';
import { sidOf, statusCallback } from './callback.ts';
import { indexOf, progress } from './call.ts';
import type { StoredCall } from './call.ts';
import { one } from './route.ts';
import type { Parameters } from './route.ts';
import { rfc2822, wholeSecond } from './time.ts';

/** The four that a call may be asked to tell; every way it can end is told as 'completed'. */
const courses = ['initiated', 'ringing', 'answered', 'completed'] as const;
const ends = ['completed', 'busy', 'no-answer', 'failed', 'canceled'];

export const callEvents = ['initiated', 'ringing', 'answered', 'completed', 'busy', 'no-answer', 'failed', 'canceled'] as const;

/** What a call does by itself: it rings, is answered and ends. */
export function callbacksOf(context: SimulationContext, parameters: Parameters, stored: StoredCall): readonly CallbackDraft[] {
  return courses.flatMap((event, index) => told(context, parameters, stored.call, event, { at: stored.startsAt + progress[event], index }));
}

/** A call comes to a point: it is read back so, and who asked to hear of that is told. */
export async function laterCall(event: LaterEvent, parameters: Parameters, reply: HttpResponse, context: SimulationContext): Promise<Consequences> {
  const sid = sidOf(reply);
  const known = sid === null ? null : await context.recall('call', sid);
  const stored = known?.value as StoredCall | null | undefined;
  if (known === null || stored === null || stored === undefined) return {};
  const now = rfc2822(wholeSecond(context.now));
  const call: StoredCall['call'] = {
    ...stored.call, status: statusOf(event.name), date_created: stored.call['date_created'] ?? rfc2822(stored.startsAt), date_updated: now,
    ...(ends.includes(event.name) ? { end_time: now, duration: event.name === 'completed' ? '2' : '0' } : {}),
  };
  const value: StoredCall = { ...stored, call };
  return {
    remember: [{ kind: 'call', id: call.sid, expectVersion: known.version, value, index: indexOf(value) }],
    callbacks: told(context, parameters, call, event.name, { at: context.now, index: courses.length }),
  };
}

function told(context: SimulationContext, { fields, ids: [account = ''] }: Parameters, { sid, from, to }: StoredCall['call'], event: string, { at, index }: { readonly at: number; readonly index: number }): readonly CallbackDraft[] {
  const target = one(fields, 'StatusCallback');
  const asked = formAll(fields, 'StatusCallbackEvent').flatMap((events) => events.split(/[ ,]+/));
  const course = ends.includes(event) ? 'completed' : event;
  if (target === null || !(asked.length === 0 ? course === 'completed' : asked.includes(course))) return [];
  const sequence = index < courses.length ? courses.slice(0, index).filter((earlier) => asked.includes(earlier)).length : index;
  return [statusCallback(context, {
    target, object: sid, event, notBeforeMs: at, method: one(fields, 'StatusCallbackMethod'),
    fields: [
      ['CallSid', sid], ['AccountSid', account], ['From', from], ['To', to], ['CallStatus', statusOf(event)],
      ['ApiVersion', '2010-04-01'], ['Direction', 'outbound-api'], ['CallbackSource', 'call-progress-events'],
      ['SequenceNumber', String(sequence)], ['Timestamp', rfc2822(wholeSecond(at))],
      ...(event === 'completed' ? [['CallDuration', '2'] as const, ['Duration', '1'] as const] : []),
    ],
  })];
}

function statusOf(event: string): string {
  return event === 'answered' ? 'in-progress' : event;
}
