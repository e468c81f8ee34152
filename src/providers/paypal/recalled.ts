import type { Money } from '../../model/money.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { ofMinor, sumOf } from '../wire/decimal-money.ts';
import { field } from '../wire/json.ts';
import { addresseesOf } from './addressees.ts';
import { moneyOf } from './amount.ts';
import { keysOf } from './operation.ts';
import type { Order, Part } from './order-object.ts';

type Recall = Pick<SimulationContext, 'recall'>;
type Known = Pick<Payment, 'recipients' | 'keys'> & { readonly amount: Money | null };

/** A capture or a refund says no more than an id: how much, of which order and of whom is remembered. It only ever adds to what was decoded. */
export async function recalled(decoded: Decoded, { recall }: Recall): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    const known = effect.channel === 'payment' && effect.object !== null ? await knownOf(effect.operation, effect.object, recall) : null;
    if (known === null || effect.channel !== 'payment') return effect;
    const recipients = [...effect.recipients, ...known.recipients.filter((one) => !effect.recipients.some(sameAs(one)))];
    return { ...effect, recipients, keys: effect.keys.length > 0 ? effect.keys : known.keys, amount: effect.amount ?? known.amount, customer: effect.customer ?? recipients.find(({ role }) => role === 'payer')?.address ?? null };
  }));
  return { kind: 'effects', effects };
}

function sameAs(one: Addressee): (other: Addressee) => boolean {
  return (other) => other.address === one.address && other.role === one.role;
}

async function knownOf(operation: string, id: string, recall: Recall['recall']): Promise<Known | null> {
  switch (operation) {
    case 'orders.capture': case 'orders.authorize': return ofOrder((await recall('order', id))?.value as Order | undefined);
    case 'authorizations.capture': case 'authorizations.void': return ofPart((await recall('authorization', id))?.value as Part | undefined, recall);
    case 'captures.refund': return ofPart((await recall('capture', id))?.value as Part | undefined, recall);
    default: return null;
  }
}

function ofOrder(order: Order | undefined): Known | null {
  if (order === undefined) return null;
  const given = order.units.map((unit) => unit.given);
  return {
    recipients: addresseesOf({ purchase_units: given, ...(order.payer === null ? {} : { payer: order.payer }), ...(order.source === null ? {} : { payment_source: order.source }) }),
    keys: given.flatMap((unit) => keysOf(unit)), amount: sumOf(given.map((unit) => moneyOf(field(unit, 'amount')))),
  };
}

/** What is left of it, and whoever is in its order. */
async function ofPart(part: Part | undefined, recall: Recall['recall']): Promise<Known | null> {
  if (part === undefined) return null;
  const order = ofOrder((await recall('order', part.order))?.value as Order | undefined);
  const whole = moneyOf(part.view['amount']);
  const own = keysOf(part.view);
  return { recipients: order?.recipients ?? [], keys: own.length > 0 ? own : order?.keys ?? [], amount: whole === null ? null : ofMinor(BigInt(whole.minor) - BigInt(part.used), whole) };
}
