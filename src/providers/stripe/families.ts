import { accounts } from './families/account.ts';
import { balanceTransactions } from './families/balance-transaction.ts';
import { charges } from './families/charge.ts';
import { paymentLinks } from './families/checkout/payment-link.ts';
import { sessions } from './families/checkout/session.ts';
import { coupons } from './families/coupon.ts';
import { customers } from './families/customer.ts';
import { discounts } from './families/discount.ts';
import { disputes } from './families/dispute.ts';
import { events } from './families/event.ts';
import { fileLinks } from './families/file-link.ts';
import { files } from './families/file.ts';
import { invoiceItems } from './families/invoice/invoice-item.ts';
import { invoicePayments } from './families/invoice/invoice-payment.ts';
import { invoices } from './families/invoice/invoice.ts';
import { paymentIntents } from './families/payment-intent.ts';
import { paymentMethods } from './families/payment-method.ts';
import { payouts } from './families/payout.ts';
import { prices } from './families/price.ts';
import { products } from './families/product.ts';
import { promotionCodes } from './families/promotion-code.ts';
import { refunds } from './families/refund.ts';
import { setupIntents } from './families/setup-intent.ts';
import { shippingRates } from './families/shipping-rate.ts';
import { subscriptionItems } from './families/subscription/subscription-item.ts';
import { subscriptions } from './families/subscription/subscription.ts';
import { transferReversals } from './families/transfer-reversal.ts';
import { transfers } from './families/transfer.ts';
import { webhookEndpoints } from './families/webhook-endpoint.ts';
import { asArray, asObject } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { StripeObject } from './object.ts';
import type { Family, Operation } from './operation.ts';
import { searches } from './searching.ts';
import type { IndexOf, InVersion } from './work.ts';

/** Every resource family that is simulated. A new one is a file in families/ and its line here. */
export const families: readonly Family[] = [
  customers, paymentMethods, paymentIntents, setupIntents, charges, refunds, products, prices, coupons, promotionCodes, balanceTransactions, payouts, transfers, transferReversals,
  sessions, paymentLinks, shippingRates, subscriptions, subscriptionItems, invoices, invoiceItems, invoicePayments, discounts, disputes, events, webhookEndpoints, accounts, files, fileLinks,
];

export const indexes: Readonly<Record<string, IndexOf>> = Object.fromEntries(families.map((family) => [family.kind, family.index]));

export const versions: Readonly<Record<string, InVersion | undefined>> = Object.fromEntries(families.map((family) => [family.kind, family.inVersion]));

const operations = new Map<string, Operation>([...families.flatMap((family) => Object.entries(family.operations)), ...Object.entries(searches(families))]);

/** Every operation that is simulated, as in route-table.ts. */
export const operationNames: readonly string[] = [...operations.keys()];

export function operationNamed(name: string): Operation | null {
  return operations.get(name) ?? null;
}

export function familyOfKind(kind: string): Family | null {
  return families.find((family) => family.kind === kind) ?? null;
}

/** 'cus_123' belongs to the customers. */
export function familyOfId(id: string): Family | null {
  return families.find((family) => family.prefix !== null && id.startsWith(family.prefix)) ?? null;
}

/** An answer as the caller's version shows it: one object, or the list of them. */
export function inVersion(body: JsonObject, version: string): JsonObject {
  const kind = body['object'];
  if (kind === 'list' || kind === 'search_result') return { ...body, data: (asArray(body['data'] ?? null) ?? []).map((item) => { const object = asObject(item); return object === null ? item : inVersion(object, version); }) };
  return (typeof kind === 'string' && body['deleted'] !== true ? versions[kind]?.(body as StripeObject, version) : undefined) ?? body;
}
