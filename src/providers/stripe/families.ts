import { accounts } from './families/account.ts';
import { balanceTransactions } from './families/balance-transaction.ts';
import { charges } from './families/charge.ts';
import { coupons } from './families/coupon.ts';
import { customers } from './families/customer.ts';
import { events } from './families/event.ts';
import { paymentIntents } from './families/payment-intent.ts';
import { paymentMethods } from './families/payment-method.ts';
import { payouts } from './families/payout.ts';
import { prices } from './families/price.ts';
import { products } from './families/product.ts';
import { promotionCodes } from './families/promotion-code.ts';
import { refunds } from './families/refund.ts';
import { setupIntents } from './families/setup-intent.ts';
import { transferReversals } from './families/transfer-reversal.ts';
import { transfers } from './families/transfer.ts';
import { webhookEndpoints } from './families/webhook-endpoint.ts';
import type { Family, Operation } from './operation.ts';
import type { IndexOf } from './work.ts';

/** Every resource family that is simulated. A new one is a file in families/ and its line here. */
export const families: readonly Family[] = [
  customers, paymentMethods, paymentIntents, setupIntents, charges, refunds, products, prices, coupons, promotionCodes, balanceTransactions, payouts, transfers, transferReversals,
  events, webhookEndpoints, accounts,
];

export const indexes: Readonly<Record<string, IndexOf>> = Object.fromEntries(families.map((family) => [family.kind, family.index]));

const operations = new Map<string, Operation>(families.flatMap((family) => Object.entries(family.operations)));

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
