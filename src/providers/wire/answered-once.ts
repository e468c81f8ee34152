import type { HttpResponse } from '../../model/exchange.ts';
import type { Simulation, SimulationContext } from '../../model/provider.ts';
import type { JsonValue } from './json.ts';
import { openLedger } from './ledger.ts';
import type { Ledger } from './ledger.ts';
import { savedReply } from './saved-reply.ts';

/** When two calls are one, as the vendor sees it. */
export interface Sameness {
  /** the caller's idempotency key; null or empty = every call is its own */
  readonly key: string | null | undefined;
  /** keys are told apart within it */
  readonly scope: string;
  /** what both must say; a constant where the vendor does not look */
  readonly said: JsonValue;
  readonly keptMs: number;
  /** the vendor's error for a key that comes again with something else; absent: it gets the first answer all the same */
  readonly another?: () => Error;
  /** whether an answer is kept: of one that is not, the same call again is a new one; absent: every answer */
  readonly keeps?: (reply: HttpResponse) => boolean;
}

/** The first call with a key is answered and kept with what it changed; the same call again gets that answer, and nothing happens. */
export async function answeredOnce(context: SimulationContext, same: Sameness, answer: (ledger: Ledger) => Promise<HttpResponse>): Promise<Simulation<HttpResponse>> {
  const { key, scope, said, keptMs, another, keeps = () => true } = same;
  const saved = key === null || key === undefined || key === '' ? null : await savedReply(context, { key, scope, said, keptMs });
  if (saved?.another === true && another !== undefined) throw another();
  if (saved?.reply) return { reply: saved.reply };
  const ledger = openLedger(context);
  const reply = await answer(ledger);
  const { remember, callbacks } = ledger.finish();
  return { reply, remember: saved === null || !keeps(reply) ? remember : [...remember, saved.saving(reply)], callbacks };
}
