import type { Chosen, HostedPage, Hosting } from '../../model/hosted-page.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asObject, asString, field } from '../wire/json.ts';
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
      back: isOpen(found) ? null : returnTo(found.back, returned(id)),
    };
  },

  async choose({ kind, id }, choice, context): Promise<Chosen | null> {
    const books = booksOf(context);
    const found = kind === 'transaction' ? await books.ledger.find<Transaction>('transaction', id) : null;
    if (found === null) return null;
    if (choice === 'cancel') {
      failedCharge(books, found, 'The transaction was not completed', 'abandoned');
      return { ...books.ledger.finish(), ...goBack(found.cancel, [], 'Given up.', 'The transaction names no cancel_action to go to.') };
    }
    if (choice !== 'pay') {
      const { view } = failedCharge(books, found, 'Declined');
      return { ...books.ledger.finish(), goTo: null, says: `${String(view['gateway_response'])}. Try another card.` };
    }
    charged(books, found);
    return { ...books.ledger.finish(), ...goBack(found.back, returned(id), 'Paid.', 'This transaction names no callback_url; Paystack would use the dashboard\'s.') };
  },
};

/** What Paystack adds to the callback_url. */
function returned(reference: string): readonly (readonly [string, string])[] {
  return [['trxref', reference], ['reference', reference]];
}

function isOpen({ view: { status } }: Transaction): boolean {
  return status === 'abandoned' || status === 'failed';
}
