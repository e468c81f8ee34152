import { newIntent } from '../families/intent.ts';
import type { Seeding } from '../seeding.ts';

const statuses = ['requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture', 'canceled', 'succeeded'];
const paid = ['requires_capture', 'succeeded'];

export const paymentIntentSeed: Seeding = {
  needs: { amount: 1999, currency: 'eur' },
  holds: {
    application_fee_amount: 'number', automatic_payment_methods: 'object', canceled_at: 'number', cancellation_reason: 'text', customer: 'text', customer_account: 'text', description: 'text', latest_charge: 'text',
    on_behalf_of: 'text', payment_method: 'text', receipt_email: 'text', setup_future_usage: 'text', shipping: 'object', statement_descriptor: 'text', statement_descriptor_suffix: 'text', transfer_data: 'object',
    transfer_group: 'text', payment_method_options: 'object',
  },
  complete: (maker, given) => {
    const amount = Number(given['amount']);
    const status = typeof given['status'] === 'string' ? given['status'] : typeof given['payment_method'] === 'string' ? 'requires_confirmation' : 'requires_payment_method';
    return {
      ...newIntent(maker, amount, String(given['currency'])), status,
      ...(status === 'succeeded' ? { amount_received: amount } : status === 'requires_capture' ? { amount_capturable: amount, capture_method: 'manual' } : {}),
      ...(status === 'canceled' ? { canceled_at: maker.now } : {}),
    };
  },
  fault: ({ amount, amount_received: received, amount_capturable: held, status, latest_charge: charge }) => {
    if (Number(amount) < 1) return `amount must be above zero, in the currency's smallest unit; it is ${String(amount)}`;
    if (!statuses.includes(String(status))) return `status must be one of ${statuses.join(', ')}; it is ${String(status)}`;
    if (Number(received) > Number(amount) || Number(held) > Number(amount)) return 'amount_received and amount_capturable cannot be more than amount';
    return paid.includes(String(status)) && typeof charge !== 'string' ? `a payment that is ${String(status)} names its latest_charge; seed that charge as well, so that it can be refunded` : null;
  },
};
