import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Decoded, Payment as Effect } from '../../model/side-effect.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { jsonOrForm } from '../wire/json-or-form.ts';
import { minorOf, moneyOf } from './amount.ts';
import type { Kinds, Order, Payment } from './objects.ts';
import { keysOf, peopleOf } from './operation.ts';
import { refundOf } from './refunds.ts';

const kinds: Readonly<Record<string, keyof Kinds>> = { pay: 'payment', order: 'order', plink: 'payment_link' };

/** A call that names a payment, an order or a link alone: of whom it is and over what is remembered. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    const kind = effect.channel === 'payment' && effect.object !== null ? kinds[effect.object.split('_')[0]!] : undefined;
    const found = kind === undefined || effect.channel !== 'payment' ? null : (await recall(kind, effect.object!))?.value as Kinds[keyof Kinds] | undefined;
    return effect.channel !== 'payment' || kind === undefined || found === null || found === undefined ? effect : told(request, effect, found);
  }));
  return { kind: 'effects', effects };
}

function told(request: HttpRequest, effect: Effect, found: Kinds[keyof Kinds]): Effect {
  const { view } = found;
  const people = [...peopleOf(view), ...('payer' in found ? payerOf(found) : [])];
  const more = people.filter((one) => !effect.recipients.some(({ address }) => address === one.address));
  const read = jsonOrForm(request);
  const refund = effect.operation.includes('refund');
  const whole = minorOf(view['amount']);
  const amount = refund ? refundOf(read.kind === 'content' ? asObject(read.body) : null, found as Payment) : whole === null ? null : moneyOf(whole, String(view['currency']));
  return {
    ...effect, recipients: [...effect.recipients, ...more], keys: effect.keys.length > 0 ? effect.keys : keysOf(view as JsonObject), amount: effect.amount ?? amount,
    customer: effect.customer ?? asString(field(view, 'customer_id')) ?? people[0]?.address ?? null, method: effect.method ?? asString(field(view, 'method')), description: effect.description ?? (asString(field(view, 'description')) || null),
  };
}

function payerOf({ payer }: Order): readonly Addressee[] {
  return [
    ...(payer.email === null ? [] : [{ address: payer.email, kind: 'email', role: 'customer' } as const]),
    ...(payer.contact === null ? [] : [{ address: payer.contact, kind: 'phone', role: 'customer' } as const]),
  ];
}
