import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { jsonOrForm } from '../wire/json-or-form.ts';
import { minorOf, moneyOf } from './amount.ts';
import { keysOf } from './operation.ts';
import { leftOf } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** A refund names its transaction alone: whose it was and over how much is remembered. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const read = jsonOrForm(request);
  const asked = minorOf(read.kind === 'content' ? field(asObject(read.body), 'amount') : undefined);
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    const found = effect.operation === 'refund.create' && effect.channel === 'payment' && effect.object !== null ? (await recall('transaction', effect.object))?.value as Transaction | undefined : undefined;
    return found === undefined ? effect : told(effect as Payment, found, asked);
  }));
  return { kind: 'effects', effects };
}

function told(effect: Payment, found: Transaction, asked: bigint | null): Payment {
  const email = asString(field(asObject(found.view['customer'])!, 'email'));
  const more = email === null || effect.recipients.some(({ address }) => address === email) ? [] : [{ address: email, kind: 'email', role: 'customer' } as const];
  return {
    ...effect, recipients: [...effect.recipients, ...more], customer: effect.customer ?? email, amount: effect.amount ?? moneyOf(asked ?? leftOf(found), String(found.view['currency'])),
    keys: effect.keys.length > 0 ? effect.keys : keysOf(found.view),
  };
}
