import type { Remember } from '../../model/provider.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import { approved } from './declines.ts';
import { some, text } from './operation.ts';
import type { Paid, Status } from './payment.ts';
import { kept } from './payments.ts';
import { cardView } from './sources.ts';

const prefixes = { payment: 'pay', customer: 'cus', instrument: 'src' } as const;
const statuses = ['Authorized', 'Captured', 'Declined', 'Voided', 'Refunded'] as const;

/** Checkout.com's own object with as many of its fields as matter; what is missing is made up. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  if (!Object.hasOwn(prefixes, kind)) throw new Error(`Checkout.com has no '${kind}' to be seeded; it has ${Object.keys(prefixes).join(', ')}`);
  const prefix = prefixes[kind as keyof typeof prefixes];
  if (!new RegExp(`^${prefix}_[A-Za-z0-9]{1,60}$`).test(id)) throw new Error(`'${id}' is no id of a Checkout.com ${kind}; one is '${prefix}_' and up to 60 letters and digits`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Checkout.com ${kind} ${id}: the value is an object with the fields that Checkout.com shows, such as { "email": "ada@example.test" }`);
  switch (kind as keyof typeof prefixes) {
    case 'customer': {
      const email = text(given, 'email');
      return { value: { view: { ...given, id } }, ...(email === null ? {} : { index: { email: email.toLowerCase() } }) };
    }
    case 'instrument': {
      if (field(given, 'number') !== undefined) throw new Error(`Checkout.com instrument ${id}: a card's number is not kept; say last4 and scheme`);
      const customer = text(asObject(field(given, 'customer')), 'id') ?? text(given, 'customer');
      const { customer: _, ...card } = given;
      return { value: { view: { ...cardView('4242424242424242', {}), ...card, id }, code: null, customer }, index: customer === null ? {} : { customer } };
    }
    case 'payment': {
      const paid = payment(id, given);
      return { value: paid, index: { session: paid.session, ...(text(paid.given, 'reference') === null ? {} : { reference: text(paid.given, 'reference')! }) } };
    }
  }
}

function payment(id: string, given: JsonObject): Paid {
  const amount = minorOf(field(given, 'amount'));
  if (amount === null || amount <= 0n) throw new Error(`Checkout.com payment ${id}: amount is a whole number of the currency's minor unit above nothing, such as 1000 for EUR 10.00`);
  const currency = text(given, 'currency') ?? 'EUR';
  if (!/^[A-Z]{3}$/.test(currency)) throw new Error(`Checkout.com payment ${id}: currency is a code of three capital letters, such as 'EUR'`);
  const status = (text(given, 'status') ?? 'Captured') as Status;
  if (!(statuses as readonly string[]).includes(status)) throw new Error(`Checkout.com payment ${id}: status '${status}' is none of ${statuses.join(', ')}`);
  const [all, none] = [String(amount), '0'];
  const customer = asObject(field(given, 'customer'));
  const requestedMs = Date.parse(text(given, 'requested_on') ?? '') || Date.UTC(2024, 0);
  return {
    id, session: `sid_${id.slice(4)}`, base: 'https://api.sandbox.checkout.com', status, given: some(given, kept), amount: all, currency, source: { ...cardView('4242424242424242', {}), id: `src_${id.slice(4)}`, ...asObject(field(given, 'source')) },
    customer, instrument: null, code: null, captures: true, authorized: status === 'Declined' ? none : all, captured: status === 'Captured' || status === 'Refunded' ? all : none, refunded: status === 'Refunded' ? all : none,
    voided: status === 'Voided' ? all : none, final: status !== 'Authorized', authenticated: null, requestedMs,
    actions: [{ id: `act_${id.slice(4)}`, type: 'Authorization', amount: all, verdict: status === 'Declined' ? { code: '20005', summary: 'Declined - Do Not Honour' } : approved, reference: null, atMs: requestedMs }],
  };
}
