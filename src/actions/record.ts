import type { CaptureDraft } from '../model/capture.ts';
import type { CallbackDraft, Remember } from '../model/provider.ts';
import type { Scope } from '../model/store.ts';
import { redact, redactValue } from '../store/redaction.ts';
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
    callbacks: (more?.callbacks ?? []).map((callback) => ({ ...callback, body: redactValue(callback.body) })),
  });
  if (draft.enrichment === 'pending') house.enrich(draft.id);
}
