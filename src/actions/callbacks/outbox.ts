import type { Agent } from 'undici';
import type { LaterHappened, LaterOrder, Resent } from '../../model/callback.ts';
import type { HttpProvider, MailProvider } from '../../model/provider.ts';
import { redactCallback } from '../../store/redaction.ts';
import type { House } from '../call.ts';
import { deliver } from './deliver.ts';
import { happenLater } from './later.ts';
import { startSender, type Sender } from './sender.ts';
import { resolveTarget, type Webhooks } from './target.ts';

/** The callbacks into staging: sent by themselves, and by hand. */
export interface Outbox extends Sender {
  resend(id: string): Promise<Resent>;
  later(order: LaterOrder): Promise<LaterHappened>;
}

const notKept = 'nobody had configured its webhook when it was recorded, so it was told and not kept; with the webhook in gateway.yaml, POST /api/captures/:id/simulate makes what can happen later happen again';

export function openOutbox({ house, webhooks, agent, providers }: {
  readonly house: House;
  readonly webhooks: Webhooks;
  /** dials the webhooks and nothing else: dialer.ts */
  readonly agent: Agent;
  readonly providers: readonly (HttpProvider | MailProvider)[];
}): Outbox {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const provider = (name: string): HttpProvider | MailProvider | null => byName.get(name) ?? null;
  const sender = startSender({
    store: house.store, instance: house.instance, logger: house.logger, now: house.now, watch: Object.keys(webhooks).length > 0,
    send: (callback) => deliver({ house, webhooks, agent, provider }, callback),
  });
  return {
    due: sender.due,
    later: (order) => happenLater(house, provider, order),
    async resend(id) {
      const callback = await house.store.callback(id);
      if (callback === null) return /-u\d+$/.test(id) ? { kind: 'nowhere', why: notKept } : { kind: 'not-found' };
      const resolved = resolveTarget(webhooks, callback);
      if (resolved.kind === 'nowhere') return resolved;
      const queued = await house.store.resendCallback(id, redactCallback(resolved.url.href));
      if (queued === null) return { kind: 'busy' };
      sender.due(house.now());
      return { kind: 'queued', callback: queued };
    },
    async close() {
      await sender.close();
      await agent.close();
    },
  };
}
