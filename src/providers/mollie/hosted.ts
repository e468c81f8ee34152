import type { Chosen, HostedPage, Hosting, PageSubject, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyOf } from './amount.ts';
import { paymentBecame } from './later.ts';
import { peopleOf } from './operation.ts';
import type { Paid, Status } from './payment.ts';

interface Outcome { readonly status: Status; readonly failure: string | null; readonly method: string | null; readonly says: string }

const outcomes: Readonly<Record<PayerChoice, Outcome>> = {
  pay: { status: 'paid', failure: null, method: null, says: 'The payment was paid.' },
  'pay-authenticated': { status: 'paid', failure: null, method: 'creditcard', says: 'The payment was paid with 3-D Secure.' },
  decline: { status: 'failed', failure: 'insufficient_funds', method: 'creditcard', says: 'The card was declined.' },
  'fail-authentication': { status: 'failed', failure: 'authentication_failed', method: 'creditcard', says: '3-D Secure failed.' },
  cancel: { status: 'canceled', failure: null, method: null, says: 'The payment was canceled.' },
};

/** Mollie's checkout, where the customer pays: `_links.checkout`. It adds nothing to the address the customer goes back to. */
export const hosted: Hosting = {
  async show(subject, context): Promise<HostedPage | null> {
    const paid = await find(subject, context);
    if (paid === null) return null;
    const { given, status, method } = paid;
    const people = peopleOf(given);
    return {
      title: `Payment ${paid.id}`, amount: moneyOf(field(given, 'amount')), payer: people.find(({ kind }) => kind === 'email')?.address ?? paid.customer, lines: linesOf(paid),
      // where the call chose the method there is no card
      choices: status !== 'open' ? [] : method === null || method === 'creditcard' ? ['pay', 'decline', 'pay-authenticated', 'fail-authentication', 'cancel'] : ['pay', 'decline', 'cancel'],
      status: status === 'open' ? null : `The payment is ${status}.`, back: returnTo(asString(field(given, 'redirectUrl')), []),
    };
  },

  async choose(subject, choice, context): Promise<Chosen | null> {
    const paid = await find(subject, context);
    if (paid === null) return null;
    const ledger = openLedger(context);
    const { status, failure, method, says } = outcomes[choice];
    await paymentBecame(ledger, paid.id, status, failure, context, paid.method ?? method);
    const back = asString(field(paid.given, 'redirectUrl'));
    return { ...ledger.finish(), ...goBack(choice === 'cancel' ? asString(field(paid.given, 'cancelUrl')) ?? back : back, [], says) };
  },
};

async function find({ kind, id }: PageSubject, { recall }: Pick<SimulationContext, 'recall'>): Promise<Paid | null> {
  return kind === 'payment' ? (await recall('payment', id))?.value as Paid | undefined ?? null : null;
}

function linesOf({ given }: Paid): HostedPage['lines'] {
  const lines = (asArray(field(given, 'lines')) ?? []).map(asObject).flatMap((line) => {
    const [name, quantity] = [asString(field(line, 'description')) ?? asString(field(line, 'name')), field(line, 'quantity')];
    return name === null ? [] : [{ text: typeof quantity === 'number' ? `${quantity} x ${name}` : name, amount: moneyOf(field(line, 'totalAmount')) }];
  });
  const description = asString(field(given, 'description'));
  return lines.length > 0 || description === null ? lines : [{ text: description, amount: null }];
}
