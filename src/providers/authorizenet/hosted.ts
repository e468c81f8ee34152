import type { Chosen, HostedPage, Hosting } from '../../model/hosted-page.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asObject, asString, field, parseJson } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { openLedger } from '../wire/ledger.ts';
import { moneyAt, requireAmount } from './amount.ts';
import { at, listAt, textAt } from './call.ts';
import { AnetFailure, TransactionFailure } from './errors.ts';
import type { Operation } from './operation.ts';
import { transact } from './transact.ts';

/** A payment form that a payer has not filled in yet. */
interface Form {
  readonly request: JsonObject;
  readonly settings: JsonObject;
  readonly liveness: 'live' | 'test' | 'unknown';
  readonly paid: boolean;
}

const takes = ['authCaptureTransaction', 'authOnlyTransaction'];

/** The settings are JSON texts: { hostedPaymentReturnOptions: '{"url":"..."}' }. */
function returnUrl({ settings }: Form, name: 'url' | 'cancelUrl'): string | null {
  const text = textAt(settings, 'hostedPaymentReturnOptions');
  const read = text === null ? null : parseJson(Buffer.from(text, 'utf8'));
  return read?.kind === 'json' ? asString(field(asObject(read.value), name)) : null;
}

export const hostedOperations: Readonly<Record<string, Operation>> = {
  getHostedPaymentPageRequest: {
    name: (body) => takes.includes(textAt(body, 'transactionRequest', 'transactionType') ?? '') ? 'getHostedPaymentPage' : null,
    effect: (body) => {
      const thing = asObject(at(body, 'transactionRequest'));
      return { amount: moneyAt(thing), movesMoney: false, customer: textAt(thing, 'profile', 'customerProfileId') ?? textAt(thing, 'customer', 'id') ?? textAt(thing, 'customer', 'email'), method: null, object: null, description: textAt(thing, 'order', 'description'), keysIn: thing };
    },
    run: async (work) => {
      const thing = asObject(at(work.body, 'transactionRequest')) ?? {};
      try {
        requireAmount(thing);
      } catch (error) {
        if (!(error instanceof TransactionFailure)) throw error;
        throw new AnetFailure('E00013', 'Amount is invalid.');
      }
      const settings = Object.fromEntries(listAt(work.body, 'hostedPaymentSettings', 'setting').flatMap((each) => textAt(each, 'settingName') === null ? [] : [[textAt(each, 'settingName')!, textAt(each, 'settingValue') ?? '']]));
      const id = work.context.id('', { length: 24, alphabet: 'base62' });
      const { payment: _payment, ...request } = thing;
      work.ledger.save('hosted_payment', id, { request, settings, liveness: work.liveness, paid: false } satisfies Form);
      // Authorize.Net's token is posted to a page of its own: ours says where our page is
      return { body: { token: Buffer.from(work.context.page('hosted_payment', id), 'utf8').toString('base64url') } };
    },
  },
};

export const hosting: Hosting = {
  async show({ kind, id }, context): Promise<HostedPage | null> {
    const form = kind === 'hosted_payment' ? (await context.recall(kind, id))?.value as Form | undefined : undefined;
    if (form === undefined) return null;
    return {
      title: `Payment form ${id}`, amount: moneyAt(form.request), payer: textAt(form.request, 'customer', 'email') ?? textAt(form.request, 'customer', 'id'),
      lines: listAt(form.request, 'lineItems', 'lineItem').map((line) => ({ text: `${textAt(line, 'quantity') ?? '1'} x ${textAt(line, 'name') ?? 'item'}`, amount: moneyAt(line, 'unitPrice', textAt(form.request, 'currencyCode') ?? undefined) })),
      choices: form.paid ? [] : ['pay', 'decline', 'cancel'], status: form.paid ? 'This form was paid.' : null, back: form.paid ? returnTo(returnUrl(form, 'url'), []) : null,
    };
  },

  async choose({ kind, id }, choice, context): Promise<Chosen | null> {
    const ledger = openLedger(context);
    const form = kind === 'hosted_payment' ? await ledger.find<Form>(kind, id) : null;
    if (form === null) return null;
    if (choice === 'cancel') return goBack(returnUrl(form, 'cancelUrl'), [], 'The payer went away without paying.');
    if (choice === 'decline') return { goTo: null, says: 'The card was declined. Try another.' };
    const paid = await transact({ ledger, context, liveness: form.liveness }, { ...form.request, payment: { creditCard: { cardNumber: '4111111111111111', expirationDate: '2099-12' } } });
    if (paid.message !== undefined) return { goTo: null, says: paid.message.text };
    ledger.save(kind, id, { ...form, paid: true } satisfies Form);
    return { ...ledger.finish(), ...goBack(returnUrl(form, 'url'), [], 'The payment was made.') };
  },
};
