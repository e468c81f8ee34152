import type { Remember } from '../../model/provider.ts';
import { asObject, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import { metadataOf, text } from './operation.ts';
import { recipientView } from './recipients.ts';
import { testCard } from './transaction.ts';
import type { Authorization, Transaction } from './transaction.ts';

const ids = {
  transaction: [/^[A-Za-z0-9._=-]{1,200}$/, 'its reference: letters, digits, - . = _'], customer: [/^CUS_[A-Za-z0-9]{1,40}$/, "'CUS_' and up to 40 letters and digits"],
  authorization: [/^AUTH_[A-Za-z0-9]{1,40}$/, "'AUTH_' and up to 40 letters and digits"], recipient: [/^RCP_[A-Za-z0-9]{1,40}$/, "'RCP_' and up to 40 letters and digits"],
} as const;
const statuses = ['success', 'failed', 'abandoned', 'reversed'];
const at = '2024-01-01T00:00:00.000Z';

/** Paystack's own object with as many of its fields as matter; what is missing is made up. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  if (!Object.hasOwn(ids, kind)) throw new Error(`Paystack has no '${kind}' to be seeded; it has ${Object.keys(ids).join(', ')}`);
  const [pattern, form] = ids[kind as keyof typeof ids];
  if (!pattern.test(id) || id === '.' || id === '..') throw new Error(`'${id}' is no id of a Paystack ${kind}; one is ${form}`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Paystack ${kind} ${id}: the value is an object with the fields that Paystack shows, such as { "email": "ada@example.test" }`);
  switch (kind as keyof typeof ids) {
    case 'customer': {
      const view = { id: numberOf(given, id), first_name: null, last_name: null, phone: null, metadata: null, domain: 'test', risk_action: 'default', identified: false, identifications: null, integration: 100_043, createdAt: at, updatedAt: at, ...given, email: emailOf(kind, id, given), customer_code: id };
      return { value: { view }, index: { email: view.email } };
    }
    case 'authorization': return { value: { view: { ...testCard, ...without(given, 'email'), authorization_code: id }, email: emailOf(kind, id, given) } satisfies Authorization };
    case 'recipient': return { value: { view: recipientView(id, { ...given, id: numberOf(given, id) }) } };
    case 'transaction': return transaction(id, given);
  }
}

function transaction(reference: string, given: JsonObject): Pick<Remember, 'value' | 'index'> {
  const amount = minorOf(field(given, 'amount'));
  if (amount === null || amount <= 0n) throw new Error(`Paystack transaction ${reference}: amount is a whole number of the currency's subunit above nothing, such as 50000 for NGN 500.00`);
  const status = text(given, 'status') ?? 'success';
  if (!statuses.includes(status)) throw new Error(`Paystack transaction ${reference}: status '${status}' is none of ${statuses.join(', ')}`);
  const customer = asObject(field(given, 'customer')) ?? {};
  const email = emailOf('transaction', reference, { email: field(customer, 'email') ?? field(given, 'email') ?? null });
  const kept: Transaction = {
    back: null, cancel: null, refunded: status === 'reversed' ? String(amount) : '0',
    view: {
      domain: 'test', message: null, gateway_response: status === 'success' ? 'Successful' : 'Declined', paid_at: status === 'success' ? at : null, created_at: at, createdAt: at, channel: 'card', currency: 'NGN', fees: null,
      ...without(given, 'email'), metadata: metadataOf(field(given, 'metadata')) ?? '', authorization: asObject(field(given, 'authorization')) ?? {}, customer: { id: null, first_name: null, last_name: null, customer_code: null, ...customer, email }, id: numberOf(given, reference), reference, status, amount: Number(amount),
    },
  };
  return { value: kept, index: { number: String(kept.view['id']) } };
}

function without(given: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(given).filter(([each]) => each !== name));
}

function emailOf(kind: string, id: string, given: JsonObject): string {
  const email = text(given, 'email')?.toLowerCase() ?? '';
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error(`Paystack ${kind} ${id}: email is the customer's address, such as 'ada@example.test'`);
  return email;
}

/** Paystack's numbers are told by the seed, or made from its id. */
function numberOf(given: JsonObject, id: string): number {
  if (typeof given['id'] === 'number' && Number.isSafeInteger(given['id'])) return given['id'];
  return 3_000_000_000 + [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 999_999_937, 7);
}
