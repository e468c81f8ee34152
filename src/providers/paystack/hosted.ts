import type { Chosen, HostedPage, Hosting } from '../../model/hosted-page.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { returnTo } from '../wire/return-to.ts';
import { minorOf, moneyOf } from './amount.ts';
import { booksOf } from './operation.ts';
import { charged, failedCharge } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** The authorization_url of a transaction. Whose charge fails may try again there, as at Paystack. */
export const hosted: Hosting = {
  async show({ kind, id }, context): Promise<HostedPage | null> {
    const found = kind === 'transaction' ? await booksOf(context).ledger.find<Transaction>('transaction', id) : null;
    if (found === null) return null;
    const { view } = found;
    const amount = minorOf(view['amount']);
    return {
      title: `Transaction ${view.reference}`, amount: amount === null ? null : moneyOf(amount, String(view['currency'])), payer: asString(field(asObject(view['customer'])!, 'email')), lines: [],
      choices: isOpen(found) ? ['pay', 'decline', 'cancel'] : [], status: isOpen(found) ? null : `This transaction is ${view.status === 'success' ? 'paid' : view.status}.`,
    };
  },

  async choose({ kind, id }, choice, context): Promise<Chosen | null> {
    const books = booksOf(context);
    const found = kind === 'transaction' ? await books.ledger.find<Transaction>('transaction', id) : null;
    if (found === null) return null;
    if (choice === 'cancel') {
      failedCharge(books, found, 'The transaction was not completed', 'abandoned');
      const goTo = returnTo(found.cancel, []);
      return { ...books.ledger.finish(), goTo, says: goTo === null ? 'Given up. The transaction names no cancel_action to go to.' : null };
    }
    if (choice !== 'pay') {
      const { view } = failedCharge(books, found, 'Declined');
      return { ...books.ledger.finish(), goTo: null, says: `${String(view['gateway_response'])}. Try another card.` };
    }
    charged(books, found);
    const goTo = returnTo(found.back, [['trxref', id], ['reference', id]]);
    return { ...books.ledger.finish(), goTo, says: goTo === null ? 'Paid. This transaction names no callback_url; Paystack would use the dashboard\'s.' : null };
  },
};

function isOpen({ view: { status } }: Transaction): boolean {
  return status === 'abandoned' || status === 'failed';
}
