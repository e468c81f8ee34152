import { cardByToken } from '../test-cards.ts';
import { makeCard } from '../families/card-method.ts';
import { approved, newCharge } from '../families/charging.ts';
import type { Seeding } from '../seeding.ts';

const nothing = {
  application_fee_amount: null, description: null, metadata: {}, on_behalf_of: null, receipt_email: null, shipping: null, statement_descriptor: null, statement_descriptor_suffix: null, transfer_data: null, transfer_group: null,
};

export const chargeSeed: Seeding = {
  needs: { amount: 1999, currency: 'eur' },
  holds: {
    application_fee_amount: 'number', balance_transaction: 'text', customer: 'text', description: 'text', failure_code: 'text', failure_message: 'text', fraud_details: 'object', on_behalf_of: 'text', payment_intent: 'text',
    payment_method: 'text', receipt_email: 'text', receipt_number: 'text', shipping: 'object', statement_descriptor: 'text', statement_descriptor_suffix: 'text', transfer_data: 'object', transfer_group: 'text',
    billing_details: 'object', outcome: 'object', payment_method_details: 'object',
  },
  complete: (maker, given) => {
    const amount = Number(given['amount']);
    const status = given['status'] === 'failed' ? 'failed' : 'succeeded';
    const captured = status === 'succeeded' && given['captured'] !== false;
    // asked for first, so that the charge has the id that was said
    const charge = newCharge(maker, {
      amount, currency: String(given['currency']), customer: null, intent: null, capture: captured, carried: nothing,
      method: makeCard({ ...maker, id: () => '' }, { card: cardByToken('pm_card_visa')!, expMonth: 12, expYear: 2099, cvcGiven: true }),
    }, approved('normal'));
    return {
      ...charge, captured, amount_captured: captured ? amount : 0, paid: status === 'succeeded', status, payment_method: null, refunded: given['amount_refunded'] === amount,
      ...(status === 'failed' ? { failure_code: 'card_declined', failure_message: 'Your card was declined.', receipt_url: null } : {}),
    };
  },
  fault: ({ amount, amount_captured: taken, amount_refunded: back, captured, refunded, status }) => {
    if (Number(amount) < 1) return `amount must be above zero, in the currency's smallest unit; it is ${String(amount)}`;
    if (status !== 'succeeded' && status !== 'failed') return `status must be succeeded or failed; it is ${String(status)}`;
    if (Number(taken) > Number(amount) || Number(back) > Number(amount) || Number(back) < 0) return 'amount_captured and amount_refunded cannot be more than amount';
    if (status === 'failed' && (captured === true || Number(taken) > 0 || Number(back) > 0)) return 'a charge that failed was neither captured nor refunded';
    if (captured === false && Number(taken) > 0) return 'a charge that was not captured has an amount_captured of 0';
    return (refunded === true) === (Number(back) === Number(amount)) ? null : 'refunded is true when amount_refunded is the whole amount, and only then';
  },
};
