import type { Money } from '../../model/money.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { money, moneyOf, shown } from './amount.ts';
import { notFound } from './errors.ts';
import type { Books } from './operation.ts';
import { given, iso } from './operation.ts';
import { sandboxCard } from './sources.ts';
import type { Source } from './sources.ts';
import { announce } from './webhook.ts';

export type PaymentStatus = 'APPROVED' | 'COMPLETED' | 'CANCELED' | 'FAILED';

/** As it is kept: Square's own object, which is what every call shows. */
export type PaymentView = JsonObject & { readonly id: string; readonly status: PaymentStatus };

const week = 7 * 86_400_000;
const fromCaller = ['order_id', 'reference_id', 'customer_id', 'buyer_email_address', 'billing_address', 'shipping_address', 'note', 'statement_description_identifier', 'app_fee_money', 'team_member_id'] as const;
const cardStatus = { APPROVED: 'AUTHORIZED', COMPLETED: 'CAPTURED', CANCELED: 'VOIDED', FAILED: 'FAILED' } as const;

export interface NewPayment {
  readonly body: JsonObject;
  readonly amount: Money;
  readonly tip: Money | null;
  readonly total: Money;
  readonly source: Source;
  readonly location: string;
  readonly status: PaymentStatus;
}

export function newPayment(books: Books, { body, amount, tip, total, source, location, status }: NewPayment): PaymentView {
  const id = books.id(29);
  const at = iso(books.now);
  const delayed = source.type === 'CARD' && status !== 'FAILED';
  return {
    id, created_at: at, updated_at: at,
    amount_money: shown(amount), ...(tip === null ? {} : { tip_money: shown(tip) }),
    total_money: shown(total), approved_money: shown(status === 'FAILED' ? money(0n, total.currency) : total),
    status, source_type: source.type,
    ...(delayed ? { delay_duration: asString(field(body, 'delay_duration')) ?? 'PT168H', delay_action: asString(field(body, 'delay_action')) ?? 'CANCEL', delayed_until: iso(books.now + week) } : {}),
    ...details(body, source, status, books.now),
    location_id: location, ...given(body, fromCaller),
    ...(status === 'FAILED' ? {} : { receipt_number: id.slice(0, 4), receipt_url: `https://squareup.com/receipt/preview/${id}` }),
    application_details: { square_product: 'ECOMMERCE_API' }, version_token: books.id(43),
  } as PaymentView;
}

function details(body: JsonObject, { type, fault }: Source, status: PaymentStatus, now: number): JsonObject {
  switch (type) {
    case 'CASH': {
      const supplied = moneyOf(field(asObject(field(body, 'cash_details')), 'buyer_supplied_money'));
      return supplied === null ? {} : { cash_details: { buyer_supplied_money: shown(supplied) } };
    }
    case 'EXTERNAL': return given(body, ['external_details']);
    case 'WALLET': return { wallet_details: { status: cardStatus[status] } };
    case 'BANK_ACCOUNT': return { bank_account_details: { transfer_type: 'ACH' } };
    case 'CARD': return {
      card_details: {
        status: cardStatus[status], card: sandboxCard, entry_method: 'KEYED', statement_description: 'SQ *FOURTHWALL',
        cvv_status: fault?.code === 'CVV_FAILURE' ? 'CVV_REJECTED' : 'CVV_ACCEPTED', avs_status: fault?.code === 'ADDRESS_VERIFICATION_FAILURE' ? 'AVS_REJECTED' : 'AVS_ACCEPTED',
        card_payment_timeline: status === 'FAILED' ? {} : { authorized_at: iso(now), ...(status === 'COMPLETED' ? { captured_at: iso(now) } : {}) },
        ...(fault === null ? {} : { errors: [{ ...fault }] }),
      },
    };
  }
}

/** Kept as it now is, and told. */
export function becomes(books: Books, before: PaymentView, change: JsonObject): PaymentView {
  const after = { ...before, ...change, updated_at: iso(books.now), version_token: books.id(43) } as PaymentView;
  keep(books, after);
  tell(books, 'payment.updated', after);
  return after;
}

/** A payment leaves APPROVED. */
export function settled(books: Books, before: PaymentView, status: 'COMPLETED' | 'CANCELED'): PaymentView {
  const card = asObject(field(before, 'card_details'));
  const timeline = asObject(field(card, 'card_payment_timeline'));
  const at: JsonObject = status === 'COMPLETED' ? { captured_at: iso(books.now) } : { voided_at: iso(books.now) };
  const total = moneyOf(before['total_money'])!;
  return becomes(books, before, {
    status, ...(status === 'CANCELED' ? { approved_money: shown(money(0n, total.currency)) } : {}),
    ...(card === null ? {} : { card_details: { ...card, status: cardStatus[status], card_payment_timeline: { ...timeline, ...at } } }),
  });
}

export function keep({ ledger }: Books, payment: PaymentView): void {
  ledger.save('payment', payment.id, payment);
}

export function tell(books: Books, type: 'payment.created' | 'payment.updated', payment: PaymentView, atMs = books.now): void {
  announce(books, { type, about: { type: 'payment', id: payment.id }, object: { payment }, line: payment.id, atMs });
}

export async function paymentOf({ ledger }: Pick<Books, 'ledger'>, id: string): Promise<PaymentView> {
  const found = await ledger.find<PaymentView>('payment', id);
  if (found === null) throw notFound('payment', id);
  return found;
}
