import { createHmac } from 'node:crypto';
import type { CallbackDraft, Delivery, SimulationContext } from '../../model/provider.ts';
import { decimalText } from '../wire/decimal-money.ts';
import { textAt } from './call.ts';
import { responseCode } from './transaction.ts';
import type { Transaction } from './transaction.ts';

interface Told {
  /** 'payment.authcapture.created': without 'net.authorize.' */
  readonly event: string;
  readonly entity: 'transaction' | 'customerProfile' | 'customerPaymentProfile' | 'subscription';
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A notification to the webhook target `authorizenet`. https://developer.authorize.net/api/reference/features/webhooks.html */
export function told(context: Pick<SimulationContext, 'now' | 'uuid'>, { event, entity, id, payload }: Told): CallbackDraft {
  const eventType = `net.authorize.${event}`;
  return {
    target: 'authorizenet', object: id, event: eventType, notBeforeMs: context.now, method: 'POST', headers: [['User-Agent', 'Authorize.Net Webhooks'], ['Accept', '*/*']], contentType: 'application/json; charset=utf-8',
    // seven digits of a second, as .NET writes them
    // and both decimals of an amount, which the signature is made of
    body: JSON.stringify({ notificationId: context.uuid(), eventType, eventDate: new Date(context.now).toISOString().replace('Z', '0000Z'), webhookId: context.uuid(), payload: { ...payload, entityName: entity, id } })
      .replaceAll(/"(authAmount|amount)":"([0-9]+(?:\.[0-9]+)?)"/g, '"$1":$2'),
  };
}

export function toldOfTransaction(context: Pick<SimulationContext, 'now' | 'uuid'>, event: string, transaction: Transaction): CallbackDraft {
  const reference = textAt(transaction.given, 'refId');
  return told(context, {
    event: `payment.${event}.created`, entity: 'transaction', id: transaction.id,
    payload: { responseCode: Number(responseCode(transaction)), authCode: transaction.authCode, avsResponse: transaction.avs, authAmount: decimalText(transaction.settles ?? transaction.amount), ...(reference === null ? {} : { merchantReferenceId: reference }) },
  });
}

/** X-ANET-Signature: HMAC-SHA512 of the body under the Signature Key as it is written, its hex not undone. */
export function sign(delivery: Delivery, secret: string): Delivery {
  if (!/^(?:[0-9A-Fa-f]{2}){16,}$/.test(secret)) throw new Error('the secret of an Authorize.Net target is the Signature Key of its account: 128 hexadecimal digits');
  const signature = createHmac('sha512', secret).update(delivery.body, 'utf8').digest('hex').toUpperCase();
  return { ...delivery, headers: [...delivery.headers, ['X-ANET-Signature', `sha512=${signature}`]] };
}
