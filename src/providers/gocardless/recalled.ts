import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { jsonBody } from '../wire/body.ts';
import { asObject, field } from '../wire/json.ts';
import { keysOf, peopleOf } from './addressees.ts';
import { linkOf, some, textOf } from './objects.ts';
import type { View } from './objects.ts';
import { moneyOf } from './payments.ts';

type Recall = Pick<SimulationContext, 'recall'>;

const kindOf: Readonly<Record<string, string>> = { CU: 'customer', BA: 'customer_bank_account', MD: 'mandate', PM: 'payment', RF: 'refund', BRQ: 'billing_request', RE: 'redirect_flow' };

/** A payment names a mandate and a refund a payment: whose account that is, and how to reach them, is remembered. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, context: Recall): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  return { kind: 'effects', effects: await Promise.all(decoded.effects.map((effect) => effect.channel === 'payment' && effect.object !== null ? told(request, effect, effect.object, context) : effect)) };
}

async function told(request: HttpRequest, effect: Payment, id: string, context: Recall): Promise<Payment> {
  const object = await find(id, context);
  if (object === null) return effect;
  const customer = await customerOf(object, context, 4);
  const people: readonly Addressee[] = customer === null ? [] : peopleOf(some(customer, ['email', 'phone_number']));
  const isMoney = id.startsWith('PM') || id.startsWith('RF');
  return {
    ...effect, recipients: [...effect.recipients, ...people.filter((one) => !effect.recipients.some(({ address }) => address === one.address))], customer: effect.customer ?? customer?.id ?? null,
    keys: effect.keys.length > 0 ? effect.keys : keysOf(object), amount: effect.amount ?? (isMoney ? amountOf(request, effect, object) : null), description: effect.description ?? (isMoney ? textOf(object, 'description') : null),
  };
}

/** A refund says how much, in the currency of its payment. */
function amountOf(request: HttpRequest, { operation }: Payment, object: View): Payment['amount'] {
  if (operation !== 'refunds.create') return moneyOf(object);
  const body = jsonBody(request);
  return body.kind === 'json' ? moneyOf(asObject(field(asObject(body.value), 'refunds')), textOf(object, 'currency')) : null;
}

async function customerOf(object: View, context: Recall, steps: number): Promise<View | null> {
  if (object.id.startsWith('CU')) return object;
  const next = ['customer', 'mandate', 'payment'].map((name) => linkOf(object, name)).find((link) => link !== null) ?? null;
  const found = next === null || steps === 0 ? null : await find(next, context);
  return found === null ? null : customerOf(found, context, steps - 1);
}

async function find(id: string, { recall }: Recall): Promise<View | null> {
  const kind = kindOf[/^(?:BRQ|[A-Z]{2})/.exec(id)?.[0] ?? ''];
  const value = kind === undefined ? null : (await recall(kind, id))?.value ?? null;
  return kind === 'redirect_flow' && value !== null ? (value as { readonly view: View }).view : value as View | null;
}
