import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { jsonBody } from '../wire/body.ts';
import { asObject, asString, field } from '../wire/json.ts';
import { addresseesOf } from './addressees.ts';
import { minorOf, moneyOf } from './amount.ts';
import { keysOf } from './operation.ts';
import type { Paid } from './payment.ts';
import { sourceText } from './sources.ts';

/** A capture, a refund or a void names its payment alone: whose it is and over how much is remembered. It only ever adds to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, { recall }: Pick<SimulationContext, 'recall'>): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    const found = effect.channel === 'payment' && effect.object?.startsWith('pay_') ? (await recall('payment', effect.object))?.value as Paid | undefined : undefined;
    return found === undefined ? effect : told(request, effect as Payment, found);
  }));
  return { kind: 'effects', effects };
}

function told(request: HttpRequest, effect: Payment, paid: Paid): Payment {
  const body = request.body.length === 0 ? null : jsonBody(request);
  const asked = body?.kind === 'json' ? minorOf(field(asObject(body.value), 'amount')) : null;
  const left = effect.operation === 'payments.refund' ? BigInt(paid.captured) - BigInt(paid.refunded) : BigInt(paid.authorized) - BigInt(paid.captured);
  const more = addresseesOf({ customer: paid.customer ?? {} }).filter((one) => !effect.recipients.some(({ address }) => address === one.address));
  return {
    ...effect, recipients: [...effect.recipients, ...more], amount: moneyOf(asked ?? left, paid.currency), keys: effect.keys.length > 0 ? effect.keys : keysOf(paid.given),
    customer: effect.customer ?? asString(field(paid.customer, 'id')), method: effect.method ?? (paid.source['last4'] === undefined ? sourceText(paid.source) : `card ${String(paid.source['last4'])}`),
    description: effect.description ?? asString(field(paid.given, 'description')),
  };
}
