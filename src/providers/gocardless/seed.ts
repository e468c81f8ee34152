import { currencyExponent } from '../../model/money.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { customerFields, newCustomer } from './customers.ts';
import { creditor, currencies, kinds, linkOf, schemes, textOf, wholeOf } from './objects.ts';
import type { View } from './objects.ts';

const prefixes: Readonly<Record<string, string>> = { customer: 'CU', customer_bank_account: 'BA', mandate: 'MD', payment: 'PM', refund: 'RF', payout: 'PO' };
const created = '2026-01-01T00:00:00.000Z';

/** An object as GoCardless's API shows it; what is left out is filled in. */
export function seed(kind: string, id: string, value: unknown): { readonly value: View } {
  if (!kinds.some((each) => each === kind)) throw new Error(`GoCardless has no '${kind}' that could be seeded: it is one of ${kinds.join(', ')}`);
  if (!new RegExp(`^${prefixes[kind]!}[A-Za-z0-9]{1,40}$`).test(id)) throw new Error(`A GoCardless ${kind}'s id is ${prefixes[kind]!} and letters and digits, as in '${prefixes[kind]!}000123': '${id}' is not`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`A GoCardless ${kind} is an object of the fields that its API shows: ${id} is not`);
  return { value: { ...complete(kind, id, given), id } };
}

function complete(kind: string, id: string, given: JsonObject): JsonObject {
  const object = { created_at: created, metadata: {}, ...given };
  const link = (name: string, prefix: string): string => {
    const found = linkOf(given, name);
    if (found === null || !found.startsWith(prefix)) throw new Error(`GoCardless ${kind} ${id} needs links.${name}, an id that begins with ${prefix}`);
    return found;
  };
  switch (kind) {
    case 'customer': {
      const other = Object.keys(given).find((name) => ![...customerFields, 'id', 'created_at'].includes(name));
      if (other !== undefined) throw new Error(`A GoCardless customer has no field '${other}': it has ${customerFields.join(', ')}`);
      return { ...newCustomer(id, Date.parse(created), given), ...object };
    }
    case 'customer_bank_account': {
      if (field(given, 'account_number') !== undefined || field(given, 'iban') !== undefined) throw new Error(`GoCardless bank account ${id} is seeded with account_number_ending, its last two digits: whole numbers are not kept`);
      return { account_holder_name: 'SEEDED', account_number_ending: '11', account_type: null, bank_account_token: null, bank_name: null, country_code: 'GB', currency: 'GBP', enabled: true, ...object, links: { customer: link('customer', 'CU') } };
    }
    case 'mandate': {
      const scheme = textOf(given, 'scheme') ?? 'bacs';
      if (!Object.values(schemes).includes(scheme)) throw new Error(`GoCardless mandate ${id} has the scheme '${scheme}': it is one of ${Object.values(schemes).join(', ')}`);
      return { reference: `FW-${id.slice(2, 12)}`, status: 'active', payments_require_approval: false, consent_parameters: null, consent_type: null, verified_at: null, funds_settlement: 'managed', authorisation_source: 'web', ...object, scheme, links: { creditor, customer_bank_account: `BA${id.slice(2)}`, ...asObject(field(given, 'links')), customer: link('customer', 'CU') } };
    }
    case 'payment': return { charge_date: null, amount_refunded: 0, description: null, reference: null, status: 'confirmed', retry_if_possible: false, scheme: null, ...object, ...money(kind, id, given), links: { creditor, ...asObject(field(given, 'links')), mandate: link('mandate', 'MD') } };
    case 'refund': return { reference: null, status: 'paid', ...object, ...money(kind, id, given), links: { ...asObject(field(given, 'links')), payment: link('payment', 'PM') } };
    default: return { arrival_date: created.slice(0, 10), deducted_fees: 0, payout_type: 'merchant', reference: 'FOURTHWALL', status: 'paid', tax_currency: null, links: { creditor, creditor_bank_account: 'BA0000FOURTHWALL' }, ...object, ...money(kind, id, given) };
  }
}

function money(kind: string, id: string, given: JsonObject): JsonObject {
  const amount = wholeOf(field(given, 'amount'));
  const currency = textOf(given, 'currency') ?? '';
  if (amount === null) throw new Error(`GoCardless ${kind} ${id} needs an amount in whole minor units, as in 1050 for 10.50`);
  if (!currencies.includes(currency) || currencyExponent(currency) !== 2) throw new Error(`GoCardless ${kind} ${id} needs a currency: one of ${currencies.join(', ')}`);
  return { amount, currency };
}
