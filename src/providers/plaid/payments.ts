import type { JsonRoute } from '../wire/json-api.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { paymentAmountOf, requirePaymentAmount } from './amount.ts';
import { invalid, notFound } from './errors.ts';
import { countOf } from './events.ts';
import { operation, some } from './operation.ts';
import type { Work } from './operation.ts';
import { paymentOf, refundedOf, savePayment, showPayment } from './payment.ts';
import type { BankPayment } from './payment.ts';

export interface Recipient { readonly id: string; readonly given: JsonObject }

/** https://plaid.com/docs/api/products/payment-initiation/ */
export const paymentRoutes: readonly JsonRoute[] = [
  operation({
    path: '/payment_initiation/recipient/create', required: ['name'], effect: (body) => ({ customer: asString(field(body, 'name')) }),
    run: async (work) => {
      if (!asString(field(work.body, 'iban')) && asObject(field(work.body, 'bacs')) === null) throw invalid('either iban or bacs must be provided');
      const recipient: Recipient = { id: `recipient-id-${work.environment}-${work.context.uuid()}`, given: some(work.body, ['name', 'iban', 'bacs', 'address']) };
      work.ledger.save('recipient', recipient.id, recipient);
      return { recipient_id: recipient.id };
    },
  }),
  operation({ path: '/payment_initiation/recipient/get', required: ['recipient_id'], run: async (work) => showRecipient(await recipientOf(work)) }),
  operation({
    path: '/payment_initiation/recipient/list',
    run: async ({ context }) => ({ recipients: (await context.list('recipient', { limit: 5_000 })).items.map(({ value }) => showRecipient(value as Recipient)) }),
  }),
  operation({
    // the payer moves the money, at the bank that Link leads to
    path: '/payment_initiation/payment/create', required: ['recipient_id', 'reference', 'amount'],
    effect: (body) => ({ amount: paymentAmountOf(field(body, 'amount')), object: asString(field(body, 'recipient_id')), description: asString(field(body, 'reference')) }),
    run: async (work) => {
      const recipient = await recipientOf(work);
      const payment: BankPayment = {
        id: `payment-id-${work.environment}-${work.context.uuid()}`, recipient: recipient.id, given: some(work.body, ['reference', 'schedule']), amount: requirePaymentAmount(field(work.body, 'amount')), status: 'INPUT_NEEDED',
        webhook: null, refunds: [], environment: work.environment, changedMs: work.now,
      };
      savePayment(work, payment);
      return { payment_id: payment.id, status: 'PAYMENT_STATUS_INPUT_NEEDED' };
    },
  }),
  operation({ path: '/payment_initiation/payment/get', required: ['payment_id'], run: async (work) => showPayment(await paymentOf(work, asString(field(work.body, 'payment_id')))) }),
  operation({
    path: '/payment_initiation/payment/list',
    run: async (work) => {
      const count = countOf(work, 10, 200);
      const after = asString(field(work.body, 'cursor'));
      const { items, more } = await work.context.list('payment', { limit: count, ...(after === null ? {} : { after }) });
      return { payments: items.map(({ value }) => showPayment(value as BankPayment)), next_cursor: more ? items.at(-1)!.id : null };
    },
  }),
  operation({
    path: '/payment_initiation/payment/reverse', required: ['payment_id', 'idempotency_key', 'reference'], onceMs: 48 * 3600_000,
    effect: (body) => ({ amount: paymentAmountOf(field(body, 'amount')), movesMoney: true, object: asString(field(body, 'payment_id')), description: asString(field(body, 'reference')) }),
    run: async (work) => {
      const payment = await paymentOf(work, asString(field(work.body, 'payment_id')));
      if (payment.status !== 'EXECUTED' && payment.status !== 'SETTLED') throw invalid('only a payment that was executed or settled can be refunded');
      const left = BigInt(payment.amount.minor) - refundedOf(payment);
      const asked = (field(work.body, 'amount') ?? null) === null ? null : requirePaymentAmount(field(work.body, 'amount'));
      if (asked !== null && asked.currency !== payment.amount.currency) throw invalid('amount.currency is not that of the payment');
      const minor = asked === null ? left : BigInt(asked.minor);
      if (minor > left || minor === 0n) throw invalid('amount must not be greater than what is left of the payment to refund');
      const id = `wallet-transaction-id-${work.environment}-${work.context.uuid()}`;
      savePayment(work, { ...payment, refunds: [...payment.refunds, { id, minor: String(minor) }] });
      return { refund_id: id, status: 'INITIATED' };
    },
  }),
];

async function recipientOf({ ledger, body }: Work): Promise<Recipient> {
  const recipient = await ledger.find<Recipient>('recipient', asString(field(body, 'recipient_id')) ?? '');
  if (recipient === null) throw notFound('recipient');
  return recipient;
}

function showRecipient({ id, given }: Recipient): JsonObject {
  return { recipient_id: id, address: null, iban: null, bacs: null, ...given };
}
