import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { decimalMoney } from '../wire/decimal-money.ts';
import { currencyExponent } from '../../model/money.ts';
import type { Money } from '../../model/money.ts';
import { asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Authorization } from './authorization.ts';
import { methodOf } from './authorization.ts';
import { keysOf, peopleOf } from './operation.ts';
import type { BankPayment } from './payment.ts';
import type { Refund } from './refund.ts';
import type { Transfer } from './transfer.ts';

interface Known { readonly given: JsonObject; readonly amount: Money | null; readonly account: string | null; readonly metadata: JsonObject | null; readonly description: string | null }
type Recall = Pick<SimulationContext, 'recall'>;

/** A call that names its object alone is told with the people and the amount of what it is about. It only ever adds to what was decoded. */
export async function recalled(decoded: Decoded, context: Recall): Promise<Decoded> {
  if (decoded.kind !== 'effects') return decoded;
  const effects = await Promise.all(decoded.effects.map(async (effect) => {
    const known = effect.channel !== 'payment' || effect.object === null ? null : await knownOf(effect.operation, effect.object, context);
    if (known === null || effect.channel !== 'payment') return effect;
    const more = peopleOf(known.given).filter((one) => !effect.recipients.some(({ address, role }) => address === one.address && role === one.role));
    return {
      ...effect, recipients: [...effect.recipients, ...more], keys: effect.keys.length > 0 || known.metadata === null ? effect.keys : keysOf({ metadata: known.metadata }), amount: effect.amount ?? known.amount,
      method: effect.method ?? methodOf({ ...known.given, ...(known.account === null ? {} : { account_id: known.account }) }), description: effect.description ?? known.description,
    };
  }));
  return { kind: 'effects', effects };
}

async function knownOf(operation: string, id: string, { recall }: Recall): Promise<Known | null> {
  const found = async <T>(kind: string, of: string): Promise<T | null> => ((await recall(kind, of))?.value as T | undefined) ?? null;
  if (operation === 'transfer.create' || operation === 'transfer.authorization.cancel') {
    const authorization = await found<Authorization>('authorization', id);
    return authorization === null ? null : { given: authorization.given, amount: decimalMoney(authorization.amount, authorization.currency, currencyExponent), account: authorization.account, metadata: null, description: null };
  }
  if (operation === 'payment_initiation.payment.reverse') {
    const payment = await found<BankPayment>('payment', id);
    return payment === null ? null : { given: {}, amount: payment.amount, account: null, metadata: null, description: asString(field(payment.given, 'reference')) };
  }
  const refund = operation === 'transfer.refund.cancel' ? await found<Refund>('refund', id) : null;
  const ofTransfer = operation === 'transfer.cancel' || operation === 'transfer.refund.create' ? id : refund?.transfer;
  const transfer = ofTransfer === undefined ? null : await found<Transfer>('transfer', ofTransfer);
  return transfer === null ? null : { given: transfer.given, amount: decimalMoney(refund?.amount ?? transfer.amount, transfer.currency, currencyExponent), account: transfer.account, metadata: transfer.metadata, description: transfer.description };
}
