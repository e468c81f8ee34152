import type { JsonRoute } from '../wire/json-api.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { balanceOf, changeBalance } from './balance.ts';
import { invalid, notFound, PlaidFailure } from './errors.ts';
import { itemOf, saveItem } from './item.ts';
import { itemFor, promise } from './items.ts';
import { sweepBecame, sweepOf } from './ledger.ts';
import type { SweepStatus } from './ledger.ts';
import { operation } from './operation.ts';
import type { Reached, Work } from './operation.ts';
import { nextPayment, paymentBecame, paymentOf } from './payment.ts';
import type { Status as PaymentStatus } from './payment.ts';
import { nextRefund } from './refund.ts';
import type { Refund, RefundStatus } from './refund.ts';
import { refundBecame } from './refunds.ts';
import { announceTransfers } from './telling.ts';
import { failureOf, isDebit, moveOn, next, transferOf } from './transfer.ts';
import type { Status } from './transfer.ts';
import { announce } from './webhook.ts';

/** A helper that only the sandbox has. */
function helper(path: string, { required, object, run }: { readonly required: readonly string[]; readonly object?: string; readonly run: (work: Work) => Promise<JsonObject> }): JsonRoute {
  return operation({
    path, required, effect: (body): Reached => (object === undefined ? {} : { object: asString(field(body, object)) }),
    run: async (work) => {
      if (work.environment !== 'sandbox') throw new PlaidFailure('INVALID_REQUEST', 'SANDBOX_ONLY', `access to ${path} is only available in the sandbox environment at https://sandbox.plaid.com/`);
      return run(work);
    },
  });
}

function impossible(): PlaidFailure {
  return new PlaidFailure('SANDBOX_ERROR', 'SANDBOX_TRANSFER_EVENT_TRANSITION_INVALID', "unable to simulate the event: it is incompatible with the current status");
}

/** The code of `failure_reason`, in either of the forms it has. */
function failureIn(body: JsonObject): ReturnType<typeof failureOf> {
  const reason = asObject(field(body, 'failure_reason'));
  return failureOf(asString(field(reason, 'failure_code')) ?? asString(field(reason, 'ach_return_code')));
}

const webhookOf = ({ body }: Work): string | null => asString(field(body, 'webhook'));

export const sandboxRoutes: readonly JsonRoute[] = [
  helper('/sandbox/public_token/create', {
    required: ['institution_id', 'initial_products'],
    run: async (work) => {
      const token = `public-sandbox-${work.context.uuid()}`;
      const products = (asArray(field(work.body, 'initial_products')) ?? []).filter((each): each is string => typeof each === 'string');
      promise(work, token, itemFor(work, { institution: asString(field(work.body, 'institution_id')), webhook: asString(field(asObject(field(work.body, 'options')), 'webhook')), products }));
      return { public_token: token };
    },
  }),
  helper('/sandbox/item/reset_login', {
    required: ['access_token'],
    run: async (work) => {
      const { item, key } = await itemOf(work);
      saveItem(work, key, { ...item, loginRequired: true });
      return { reset_login: true };
    },
  }),
  helper('/sandbox/item/fire_webhook', {
    required: ['access_token', 'webhook_code'],
    run: async (work) => {
      const { item } = await itemOf(work);
      announce(work, { type: asString(field(work.body, 'webhook_type')) ?? 'ITEM', code: asString(field(work.body, 'webhook_code'))!, environment: 'sandbox', to: item.webhook, line: item.id, body: { item_id: item.id, error: null } });
      return { webhook_fired: true };
    },
  }),
  helper('/sandbox/transfer/simulate', {
    required: ['transfer_id', 'event_type'], object: 'transfer_id',
    run: async (work) => {
      const transfer = await transferOf(work, asString(field(work.body, 'transfer_id')));
      const to = asString(field(work.body, 'event_type')) as Status;
      if (!(next[transfer.status] ?? []).includes(to) || (to === 'funds_available' && !isDebit(transfer))) throw impossible();
      await moveOn(work, transfer, to, to === 'failed' || to === 'returned' ? failureIn(work.body) : null);
      if (webhookOf(work) !== null) announceTransfers(work, 'sandbox', webhookOf(work), to);
      return {};
    },
  }),
  helper('/sandbox/transfer/refund/simulate', {
    required: ['refund_id', 'event_type'], object: 'refund_id',
    run: async (work) => {
      const refund = await work.ledger.find<Refund>('refund', asString(field(work.body, 'refund_id')) ?? '');
      if (refund === null) throw notFound('refund');
      const to = (asString(field(work.body, 'event_type')) ?? '').replace(/^refund\./, '') as RefundStatus;
      if (!(nextRefund[refund.status] ?? []).includes(to)) throw impossible();
      await refundBecame(work, refund, to, to === 'failed' || to === 'returned' ? failureIn(work.body) : null);
      if (webhookOf(work) !== null) announceTransfers(work, 'sandbox', webhookOf(work), `refund.${to}`);
      return {};
    },
  }),
  helper('/sandbox/transfer/fire_webhook', { required: ['webhook'], run: async (work) => { announceTransfers(work, 'sandbox', webhookOf(work), 'TRANSFER_EVENTS_UPDATE'); return {}; } }),
  ...['deposit', 'withdraw'].map((kind) => helper(`/sandbox/transfer/ledger/${kind}/simulate`, {
    required: ['sweep_id', 'event_type'], object: 'sweep_id',
    run: async (work: Work) => {
      const sweep = await sweepOf(work, asString(field(work.body, 'sweep_id')));
      const to = (asString(field(work.body, 'event_type')) ?? '').replace(/^sweep\./, '') as SweepStatus;
      const after: Readonly<Partial<Record<SweepStatus, readonly SweepStatus[]>>> = { pending: ['posted', 'failed'], posted: ['settled', 'returned'], settled: ['returned'] };
      if (sweep.kind !== kind || !(after[sweep.status] ?? []).includes(to)) throw impossible();
      await sweepBecame(work, sweep, to);
      return {};
    },
  })),
  helper('/sandbox/transfer/ledger/simulate_available', {
    required: [],
    run: async (work) => {
      const { pending } = await balanceOf(work);
      await changeBalance(work, { pending: -pending, available: pending });
      if (webhookOf(work) !== null) announceTransfers(work, 'sandbox', webhookOf(work), 'TRANSFER_EVENTS_UPDATE');
      return {};
    },
  }),
  helper('/sandbox/payment/simulate', {
    required: ['payment_id', 'webhook', 'status'], object: 'payment_id',
    run: async (work) => {
      const payment = await paymentOf(work, asString(field(work.body, 'payment_id')));
      const to = (asString(field(work.body, 'status')) ?? '').replace(/^PAYMENT_STATUS_/, '') as PaymentStatus;
      if (!(nextPayment[payment.status] ?? []).includes(to)) throw invalid(`a payment with status PAYMENT_STATUS_${payment.status} cannot come to the status that is asked for`);
      paymentBecame(work, payment, to, webhookOf(work));
      return { old_status: `PAYMENT_STATUS_${payment.status}`, new_status: `PAYMENT_STATUS_${to}` };
    },
  }),
];
