import { money } from '../../currency.ts';
import type { PayerPage } from '../../operation.ts';
import type { PaymentIntent } from '../intent.ts';
import { payerCard } from '../payer-card.ts';
import { payIntent, refusalOf, wasPaid } from '../paying-intent.ts';
import type { Invoice } from './invoice-object.ts';
import { settled } from './settling.ts';

/** The hosted invoice page (`hosted_invoice_url`). Stripe leads nobody back from it. */
export const invoicePage: PayerPage = {
  async show(object) {
    const invoice = object as Invoice;
    const open = invoice.status === 'open' || invoice.status === 'uncollectible';
    return {
      title: `Invoice ${invoice.number ?? invoice.id}`, amount: money(String(invoice.amount_due), invoice.currency), payer: typeof invoice['customer_email'] === 'string' ? invoice['customer_email'] : invoice.customer,
      lines: (invoice.lines?.data ?? []).map(({ description, amount, currency }) => ({ text: typeof description === 'string' ? description : 'Item', amount: money(String(amount), currency) })),
      choices: open ? ['pay', 'pay-authenticated', 'decline', 'fail-authentication'] : [], status: open ? null : `This invoice is ${invoice.status}.`,
    };
  },
  async choose(object, choice, work) {
    const invoice = object as Invoice;
    if (choice === 'cancel' || invoice.payment_intent === null) return { goTo: null, says: 'Nothing was paid.' };
    const intent = (await work.find<PaymentIntent>('payment_intent', invoice.payment_intent))!;
    const after = await payIntent(work, intent, choice, payerCard(work, choice, { email: invoice['customer_email'] ?? null, name: invoice['customer_name'] ?? null }).id);
    await settled(work, invoice, after);
    return { goTo: null, says: wasPaid(after) ? 'Thank you: the invoice is paid.' : refusalOf(after) };
  },
};
