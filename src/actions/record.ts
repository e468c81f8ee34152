import type { CaptureDraft, Outcome } from '../model/capture.ts';
import type { Reply } from '../model/exchange.ts';
import type { CallbackDraft, Remember } from '../model/provider.ts';
import type { Scope } from '../model/store.ts';
import { redact, redactCallback, redactValue } from '../store/redaction.ts';
import type { House } from './call.ts';

/** Commits a capture. Secrets are cut here, before any store sees them. Resolves only after the commit. */
export async function record(house: Pick<House, 'store' | 'key' | 'enrich'>, draft: CaptureDraft, more: {
  readonly scope: Scope;
  readonly remember: readonly Remember[];
  readonly callbacks: readonly CallbackDraft[];
} | null = null): Promise<void> {
  await house.store.record({
    draft: redact(draft, house.key),
    remember: more === null ? [] : more.remember.map((object) => ({ scope: more.scope, object: { ...object, value: redactValue(object.value) } })),
    callbacks: (more?.callbacks ?? []).map((callback) => ({ ...callback, target: redactCallback(callback.target), body: redactValue(callback.body) })),
  });
  if (draft.enrichment === 'pending') house.enrich(draft.id);
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
