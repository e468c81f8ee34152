import { decimalText } from '../../wire/decimal-money.ts';
import { asObject, field } from '../../wire/json.ts';
import type { JsonObject } from '../../wire/json.ts';
import { textOf } from '../parameters.ts';
import type { Transaction } from '../transaction.ts';

/** GraphQL's ids are those of REST with their kind before them, in base64. */
function globalId(kind: string, id: string): string {
  return Buffer.from(`${kind}_${id}`, 'utf8').toString('base64').replaceAll('=', '');
}

/** The id that REST knows, of either form. */
export function legacyId(id: string, kind: string): string {
  const plain = Buffer.from(id, 'base64').toString('latin1');
  return plain.startsWith(`${kind}_`) ? plain.slice(kind.length + 1) : id;
}

/** Timestamps have microseconds. */
function at(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}

export function showForGraphQl(transaction: Transaction): JsonObject {
  const { card, given, amount, history } = transaction;
  const money = { value: decimalText(amount), currencyCode: amount.currency, currencyIsoCode: amount.currency };
  const isRefund = transaction.refundOf !== null;
  const processor = transaction.response === null ? null : { legacyCode: transaction.response.code, message: transaction.response.text, cvvResponse: 'NOT_PROVIDED', avsPostalCodeResponse: 'NOT_PROVIDED', avsStreetAddressResponse: 'NOT_PROVIDED' };
  return {
    __typename: isRefund ? 'Refund' : 'Transaction', id: globalId(isRefund ? 'refund' : 'transaction', transaction.id), legacyId: transaction.id, status: transaction.status.toUpperCase(), amount: money,
    orderId: textOf(field(given, 'order_id')), purchaseOrderNumber: textOf(field(given, 'purchase_order_number')), channel: textOf(field(given, 'channel')), createdAt: at(transaction.createdMs), merchantAccountId: transaction.merchantAccount, source: 'API',
    customer: transaction.customer === null ? null : { id: globalId('customer', transaction.customer), legacyId: transaction.customer, email: textOf(field(asObject(field(given, 'customer')), 'email')) },
    customFields: Object.entries(asObject(field(given, 'custom_fields')) ?? {}).map(([name, value]) => ({ name, value: textOf(value) })),
    paymentMethodSnapshot: card.instrument === 'paypal_account'
      ? { __typename: 'PayPalTransactionDetails', payer: { email: card.email }, payerStatus: null }
      : { __typename: 'CreditCardDetails', brandCode: card.type.toUpperCase().replaceAll(' ', '_'), bin: card.bin, last4: card.last4, expirationMonth: card.month, expirationYear: card.year, cardholderName: card.holder },
    paymentMethod: transaction.vaulted === null ? null : { id: globalId('paymentmethod', transaction.vaulted), legacyId: transaction.vaulted, usage: 'MULTI_USE' },
    processorResponse: processor, gatewayRejectionReason: transaction.rejection?.toUpperCase() ?? null,
    statusHistory: history.toReversed().map((each) => ({ status: each.status.toUpperCase(), timestamp: at(each.ms), amount: { ...money, value: each.amount }, terminal: ['voided', 'settled', 'processor_declined', 'gateway_rejected', 'failed'].includes(each.status), source: 'API', processorResponse: processor, gatewayRejectionReason: transaction.rejection?.toUpperCase() ?? null })),
    refunds: transaction.refunds.map((id) => ({ __typename: 'Refund', id: globalId('refund', id), legacyId: id })),
    ...(isRefund ? { refundedTransaction: { __typename: 'Transaction', id: globalId('transaction', transaction.refundOf!), legacyId: transaction.refundOf } } : {}),
  };
}
