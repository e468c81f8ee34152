import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { Payment } from '../../model/side-effect.ts';
import { field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import type { Ledger } from '../wire/ledger.ts';
import { callOf, loginOf, textOf } from './call.ts';
import { AnetFailure } from './errors.ts';
import { answerReply } from './reply.ts';
import type { Answer } from './reply.ts';
import { schemaFault } from './schema.ts';

/** What changes something has at hand, in a call, on a page and long after. */
export interface Books {
  readonly ledger: Ledger;
  readonly context: SimulationContext;
  readonly liveness: 'live' | 'test' | 'unknown';
}

export interface Work extends Books { readonly body: JsonObject }

export type Reached = Pick<Payment, 'amount' | 'movesMoney' | 'customer' | 'method' | 'object' | 'description'> & {
  /** where the caller's own numbers stand */
  readonly keysIn?: JsonObject | null;
};

export interface Operation {
  /** 'createTransaction.authCaptureTransaction': what the effect is called; null = this call is not simulated */
  readonly name: (body: JsonObject) => string | null;
  /** absent: a read */
  readonly effect?: (body: JsonObject) => Reached;
  readonly run: (work: Work) => Promise<Answer>;
}

export async function answered(request: HttpRequest, operation: Operation, context: SimulationContext, liveness: Books['liveness']): Promise<Simulation<HttpResponse>> {
  const call = callOf(request);
  if (call.kind === 'unreadable') return { reply: answerReply({ root: '', format: 'json' }, null, { body: {}, message: { code: 'E00003', text: call.why } }) };
  const refId = textOf(field(call.body, 'refId'));
  const refused = (code: string, text: string): Simulation<HttpResponse> => ({ reply: answerReply(call, refId, { body: {}, message: { code, text } }) });
  const fault = schemaFault(call.root, call.body);
  if (fault !== null) return refused('E00003', fault);
  if (loginOf(call.body) === null) return refused('E00007', 'User authentication failed due to invalid authentication values.');
  const ledger = openLedger(context);
  try {
    const answer = await operation.run({ ledger, context, liveness, body: call.body });
    return { reply: answerReply(call, refId, answer), ...ledger.finish() };
  } catch (error) {
    if (!(error instanceof AnetFailure)) throw error;
    return refused(error.code, error.message);
  }
}

/** Digits that begin with no zero, as all of its ids. */
export function freshNumber({ context }: Pick<Books, 'context'>, first: string, length: number): string {
  return context.id(first, { length: length - first.length, alphabet: 'digits' });
}


/** Whole fields of `from` that are there. */
export function some(from: JsonObject | null, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => {
    const value = field(from, name);
    return value === undefined || value === null ? [] : [[name, value]];
  }));
}

