import type { CallbackResult, QueuedCallback, UnsentCallback } from '../model/callback.ts';
import type { CaptureDraft, Outcome } from '../model/capture.ts';
import type { Reply } from '../model/exchange.ts';
import type { CallbackDraft, Remember } from '../model/provider.ts';
import type { Recording, Scope } from '../model/store.ts';
import { redact, redactValue } from '../store/redaction.ts';
import type { House } from './call.ts';

/** Commits a capture. Secrets are cut here, before any store sees them. Resolves only after the commit. */
export async function record(
  house: Pick<House, 'store' | 'key' | 'enrich' | 'callbacks'>, draft: CaptureDraft, more: Kept | null = null, settles: CallbackResult | null = null,
): Promise<void> {
  const unsent = (more?.callbacks ?? []).map((callback) => house.callbacks.unsent(callback, draft.provider));
  const kept = more === null ? { remember: [], callbacks: [] }
    : keptOf(house, draft.provider, { ...more, callbacks: more.callbacks.filter((_, n) => unsent[n] === null) });
  await house.store.record({ draft: redact(draft, house.key), ...kept, unsent: oncePerEvent(unsent.filter((each) => each !== null)), ...(settles === null ? {} : { settles }) });
  if (draft.enrichment === 'pending') house.enrich(draft.id);
  wake(house, kept.callbacks);
}

/** A thousand recipients are a thousand events that nobody is told: one of a sort says so. */
function oncePerEvent(unsent: readonly UnsentCallback[]): readonly UnsentCallback[] {
  return [...new Map(unsent.map((each) => [`${each.target} ${each.event}`, each])).values()];
}

/** What a simulation wants kept. */
export interface Kept {
  readonly scope: Scope;
  readonly remember: readonly Remember[];
  readonly callbacks: readonly CallbackDraft[];
}

/** The same without secrets, and each callback with where it may go. */
export function keptOf(house: Pick<House, 'callbacks'>, provider: string, { scope, remember, callbacks }: Kept): Pick<Recording, 'remember' | 'callbacks'> {
  return {
    remember: remember.map((object) => ({ scope, object: { ...object, value: redactValue(object.value) } })),
    callbacks: callbacks.map((callback) => house.callbacks.queued(callback, provider)),
  };
}

/** Tells the sender when the first of them is due. */
export function wake(house: Pick<House, 'callbacks'>, callbacks: readonly QueuedCallback[]): void {
  for (const { notBeforeMs, skipped = null } of callbacks) if (skipped === null) house.callbacks.due(notBeforeMs);
}

/**
 * Writes how a forward ended. Whatever happens here, the call has been made: its answer goes to the caller, who would
 * otherwise make it again. What could not be written stays 'pending', and no verdict passes over it.
 */
export async function recordOutcome(house: Pick<House, 'store' | 'key' | 'logger' | 'lost'>, draft: CaptureDraft, outcome: Outcome, reply: Reply): Promise<void> {
  try {
    await house.store.outcome(draft.id, outcome, redact({ ...draft, reply }, house.key).reply);
  } catch (error) {
    house.lost();
    house.logger.error({ err: error, capture: draft.id, outcome }, 'the outcome of a forward could not be recorded');
  }
}
