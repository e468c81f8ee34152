import { createPrivateKey, sign as signature } from 'node:crypto';
import type { Delivery } from '../../model/provider.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Books } from './operation.ts';
import { iso } from './operation.ts';
import type { Subscription } from './subscriptions.ts';

export interface Happened {
  /** 'transfers#state-change' */
  readonly type: string;
  readonly profile: string;
  readonly data: JsonObject;
  /** deliveries about it go out in order */
  readonly line: string;
  readonly event: string;
}

/** To the subscriptions of that event which the application made here, else to the one it has at Wise. https://docs.wise.com/guides/developer/webhooks */
export async function announce({ ledger, context, now }: Books, { type, profile, data, line, event }: Happened): Promise<void> {
  const { items } = await context.list('subscription', { where: { trigger: type }, limit: 100 });
  const mine = items.map(({ value }) => value as Subscription).filter((each) => each.profile === null || each.profile === profile);
  for (const { id, url, test } of mine.length > 0 ? mine.map((each) => ({ ...each, test: false })) : [{ id: '00000000-0000-4000-8000-000000000000', url: 'wise', test: false }]) {
    ledger.tell(draftOf({ to: url, subscription: id, delivery: context.uuid(), type, data, line, event, now, test }));
  }
}

export function draftOf({ to, subscription, delivery, type, data, line, event, now, test }: {
  readonly to: string; readonly subscription: string; readonly delivery: string; readonly type: string; readonly data: JsonObject; readonly line: string; readonly event: string; readonly now: number; readonly test: boolean;
}): Parameters<Books['ledger']['tell']>[0] {
  return {
    target: to, object: line, event, notBeforeMs: now, method: 'POST', headers: [['X-Delivery-Id', delivery], ...(test ? [['X-Test-Notification', 'true'] as const] : [])],
    body: JSON.stringify({ data, subscription_id: subscription, event_type: type, schema_version: '2.0.0', sent_at: iso(now) }), contentType: 'application/json',
  };
}

/**
 * RSA over SHA-256 of the body. Wise signs with a key of its own, which nobody else has: ours stands in, and the application has to check
 * with its public key instead of Wise's. https://docs.wise.com/guides/developer/webhooks/event-handling
 */
export function sign(delivery: Delivery, secret: string): Delivery {
  return { ...delivery, headers: [...delivery.headers, ['X-Signature-SHA256', signature('sha256', Buffer.from(delivery.body, 'utf8'), privateKeyOf(secret)).toString('base64')]] };
}

function privateKeyOf(secret: string): ReturnType<typeof createPrivateKey> {
  try {
    const key = createPrivateKey(secret);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // told below: nothing is signed, so nothing is sent
  }
  throw new Error("Wise signs with a key of its own, for which ours stands in: the secret is an RSA private key in PEM (openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048), and the application checks with its public key instead of Wise's");
}
