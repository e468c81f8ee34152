import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import { notFound } from './errors.ts';
import { idOf, operation } from './operation.ts';
import type { Work } from './operation.ts';
import { amountGiven, quoteFrom, quoteOf, saveQuote, showQuote } from './quote.ts';
import type { Quote } from './quote.ts';

const uuid = '([0-9a-f-]{36})';
const all = /^\/v3\/profiles\/([0-9]{1,18})\/quotes$/;
const one = new RegExp(`^/v3/profiles/([0-9]{1,18})/quotes/${uuid}$`);

export const quoteRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: all, operation: 'quotes.create', effect: (body) => ({ amount: amountGiven(body) }), run: async (work) => ({ status: 200, body: showQuote(quoteFrom(work, work.body, work.call.ids[0]!)) }) }),
  operation({ method: 'POST', path: /^\/v2\/quotes$/, operation: 'quotes.create.v2', effect: (body) => ({ amount: amountGiven(body) }), run: async (work) => ({ status: 200, body: showQuote(quoteFrom(work, work.body, idOf(field(work.body, 'profile')))) }) }),
  operation({ method: 'GET', path: one, operation: 'quotes.get', run: async (work) => ({ status: 200, body: showQuote(await ofProfile(work)) }) }),
  operation({ method: 'GET', path: new RegExp(`^/v2/quotes/${uuid}$`), operation: 'quotes.get.v2', run: async (work) => ({ status: 200, body: showQuote(await quoteOf(work, work.call.ids[0]!)) }) }),
  operation({
    method: 'PATCH', path: one, operation: 'quotes.update', effect: (_body, { ids }) => ({ object: ids[1]! }),
    run: async (work) => {
      const quote = await ofProfile(work);
      const now: Quote = { ...quote, targetAccount: idOf(field(work.body, 'targetAccount')) ?? quote.targetAccount, payOut: asString(field(work.body, 'payOut')) ?? quote.payOut };
      saveQuote(work, now);
      return { status: 200, body: showQuote(now) };
    },
  }),
];

async function ofProfile(work: Work): Promise<Quote> {
  const [profile, id] = work.call.ids;
  const quote = await quoteOf(work, id!);
  if (quote.profile !== profile) throw notFound('Quote');
  return quote;
}
