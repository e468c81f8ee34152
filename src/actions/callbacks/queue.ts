import type { QueuedCallback, UnsentCallback } from '../../model/callback.ts';
import type { CallbackDraft } from '../../model/provider.ts';
import { redactCallback, redactValue } from '../../store/redaction.ts';
import { resolveTarget, type Webhooks } from './target.ts';

/** A draft that is told and not kept: it names a webhook, as one is set up at the vendor, and there is none of that name. */
export function unsent(webhooks: Webhooks, { target, event, notBeforeMs }: CallbackDraft, provider: string): UnsentCallback | null {
  if (Object.hasOwn(webhooks, target) || !/^[a-z0-9][a-z0-9._-]{0,62}$/.test(target)) return null;
  const resolved = resolveTarget(webhooks, { target, provider, cut: false });
  return resolved.kind === 'to' ? null : { target, event: event ?? null, notBeforeMs, why: resolved.why };
}

const methods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH']);

/**
 * A draft as the outbox takes it: without secrets, and skipped at once where no webhook takes it.
 */
export function queued(webhooks: Webhooks, draft: CallbackDraft, provider: string): QueuedCallback {
  const target = redactCallback(draft.target);
  // A target that was read out of what is kept had its secret cut out before.
  const cut = target !== draft.target || target.includes('***');
  // With its secret still in it the address can be told from one that differs in the secret alone.
  const known = target === draft.target ? webhooks
    : Object.fromEntries(Object.entries(webhooks).filter(([, { url }]) => url === draft.target || redactCallback(url) !== target));
  const resolved = methods.has(draft.method) ? resolveTarget(known, { target, provider, cut })
    : { kind: 'nowhere' as const, why: `no callback is sent by ${draft.method.slice(0, 20)}` };
  return {
    ...draft, target, body: redactValue(draft.body), ...(cut ? { cut } : {}),
    ...(resolved.kind === 'to' ? { url: redactCallback(resolved.url.href) } : { skipped: resolved.why }),
  };
}
