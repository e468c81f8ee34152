import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { chargeFields, chargeOf, openCharge, showCharge } from './charge.ts';
import type { Charge } from './charge.ts';
import { invalid, required } from './errors.ts';
import { listPage } from './list.ts';
import { customerOf, idIn, operation, some } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { canceled, resolved } from './payer.ts';
import { priceOf, requirePrice } from './price.ts';

const about = (object: string) => ({ amount: null, customer: null, object, description: null });

export const chargeRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/charges$/, operation: 'charges.create',
    effect: (body) => ({ amount: priceOf(field(body, 'local_price')), customer: customerOf(body), object: null, description: asString(field(body, 'description')) }),
    run: async (work) => {
      const { price, given } = chargeGiven(work.body);
      return { status: 201, body: { data: showCharge(openCharge(work, { ...given, ...(price === null ? {} : { local_price: price }) }), work.now) } };
    },
  }),
  operation({ method: 'GET', path: /^\/charges$/, operation: 'charges.list', run: (work) => listPage<Charge>(work, { kind: 'charge', path: 'charges', show: (charge) => showCharge(charge, work.now) }) }),
  operation({ method: 'GET', path: idIn('charges'), operation: 'charges.get', run: async (work) => shown(work, await named(work)) }),
  operation({
    method: 'POST', path: idIn('charges', '/cancel'), operation: 'charges.cancel', effect: (_body, { ids }) => about(ids[0]!),
    run: async (work) => {
      const now = canceled(work, await named(work));
      if (now === null) throw invalid('Charge can no longer be canceled: only a new charge can.');
      return shown(work, now);
    },
  }),
  operation({
    method: 'POST', path: idIn('charges', '/resolve'), operation: 'charges.resolve', effect: (_body, { ids }) => about(ids[0]!),
    run: async (work) => {
      const now = await resolved(work, await named(work));
      if (now === null) throw invalid('Charge cannot be resolved: only an unresolved charge can.');
      return shown(work, now);
    },
  }),
];

/** What a charge and a checkout are made of, or Coinbase's objection. */
export function chargeGiven(body: JsonObject): { readonly price: JsonObject | null; readonly given: JsonObject } {
  for (const name of ['name', 'description']) if (!asString(field(body, name))) throw required(name);
  return { price: requirePrice(body), given: some(body, chargeFields.filter((name) => name !== 'local_price')) };
}

function named(work: Work): Promise<Charge> {
  return chargeOf(work, work.call.context, work.call.ids[0]!);
}

function shown(work: Work, charge: Charge): Answer {
  return { status: 200, body: { data: showCharge(charge, work.now) } };
}
