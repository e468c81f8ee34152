import { asObject, field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { customerFor } from './customers.ts';
import { invalid, notFound } from './errors.ts';
import { idIn, iso, nothing, operation, some, text } from './operation.ts';
import type { Work } from './operation.ts';
import { cardView, digitsOf, instrumentOf, newInstrument, saveInstrument, sourceText, tokenOf } from './sources.ts';
import type { Instrument } from './sources.ts';

const one = idIn('instruments', 'src');

export const instrumentRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/instruments$/, operation: 'instruments.create',
    effect: (body) => text(body, 'type') === 'token'
      ? { ...nothing, customer: text(asObject(field(body, 'customer')), 'id') ?? text(asObject(field(body, 'customer')), 'email'), method: sourceText(body) }
      : unreadable('only an instrument of a token is simulated'),
    run: async (work) => {
      const customer = await customerFor(work, work.body);
      const made = newInstrument(work, work.body);
      const { view } = saveInstrument(work, { ...made, view: { ...made.view, created_on: iso(work.now) }, customer: customer?.view.id ?? null });
      return { status: 201, body: { ...view, ...(customer === null ? {} : { customer: some(customer.view, ['id', 'email', 'name']) }) } };
    },
  }),
  operation({ method: 'GET', path: one, operation: 'instruments.get', run: async (work) => ({ status: 200, body: shown(await required(work)) }) }),
  operation({
    method: 'PATCH', path: one, operation: 'instruments.update', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }),
    run: async (work) => {
      const before = await required(work);
      const customer = await customerFor(work, work.body);
      const { view } = saveInstrument(work, { ...before, view: { ...before.view, ...some(work.body, ['expiry_month', 'expiry_year', 'name', 'account_holder']) }, customer: customer?.view.id ?? before.customer });
      return { status: 200, body: some(view, ['type', 'fingerprint']) };
    },
  }),
  operation({
    method: 'DELETE', path: one, operation: 'instruments.delete', effect: (_, { ids }) => ({ ...nothing, object: ids[0]! }),
    run: async (work) => {
      work.ledger.save('instrument', (await required(work)).view.id, null);
      return { status: 204, body: null };
    },
  }),
  operation({
    method: 'POST', path: /^\/tokens$/, operation: 'tokens.request',
    effect: (body) => text(body, 'type') === 'card' ? { ...nothing, method: sourceText(body) } : unreadable('only a token of a card is simulated'),
    run: async (work) => {
      const digits = digitsOf(work.body);
      if (digits === null) throw invalid('card_number_invalid');
      const { type: _, product_id: __, product_type: ___, fingerprint: ____, ...card } = cardView(digits, work.body);
      // it says itself what it stands for: the secret key that will pay with it is another caller than the public one
      return { status: 201, body: { type: 'card', token: tokenOf(digits, work), expires_on: iso(work.now + 15 * 60_000), ...card } };
    },
  }),
];

async function required(work: Work): Promise<Instrument> {
  const found = await instrumentOf(work, work.call.ids[0]!);
  if (found === null) throw notFound();
  return found;
}

function shown({ view, customer }: Instrument): Instrument['view'] {
  return { ...view, ...(customer === null ? {} : { customer: { id: customer } }) };
}
