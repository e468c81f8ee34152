import { currencyExponent } from '../../model/money.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import type { Decoded, Payment } from '../../model/side-effect.ts';
import { decimalMoney, decimalText } from '../wire/decimal-money.ts';
import { callOf, textAt } from './call.ts';
import { keysOf, peopleOf } from './people.ts';
import type { Profile } from './profile.ts';
import type { Subscription } from './subscriptions.ts';
import type { Transaction } from './transaction.ts';

type Recall = Pick<SimulationContext, 'recall'>;

/** A refund names the transaction alone, a charge a stored profile: whose they are is remembered. It only ever adds people to what was decoded. */
export async function recalled(request: HttpRequest, decoded: Decoded, context: Recall): Promise<Decoded> {
  const call = callOf(request);
  if (decoded.kind !== 'effects' || call.kind === 'unreadable') return decoded;
  const profileId = textAt(call.body, 'transactionRequest', 'profile', 'customerProfileId') ?? textAt(call.body, 'subscription', 'profile', 'customerProfileId') ?? textAt(call.body, 'customerProfileId') ?? textAt(call.body, 'profile', 'customerProfileId');
  const profile = await valueOf<Profile>(context, 'customer_profile', profileId);
  const transaction = await valueOf<Transaction>(context, 'transaction', textAt(call.body, 'transactionRequest', 'refTransId') ?? textAt(call.body, 'transId'));
  const subscription = await valueOf<Subscription>(context, 'subscription', textAt(call.body, 'subscriptionId'));
  const effects = decoded.effects.map((effect) => effect.channel !== 'payment' ? effect : [profile, transaction, subscription].reduce<Payment>((known, remembered) => remembered === null ? known : more(known, remembered), effect));
  return { kind: 'effects', effects };
}

function more(effect: Payment, remembered: Profile | Transaction | Subscription): Payment {
  const people = peopleOf(remembered.given).filter(({ address, role }) => !effect.recipients.some((one) => one.address === address && one.role === role));
  const keys = effect.keys.length > 0 ? effect.keys : keysOf({}, remembered.given);
  const known = { ...effect, recipients: [...effect.recipients, ...people], keys };
  if (!('amount' in remembered)) return known;
  const { method } = remembered;
  const amount = effect.amount === null ? remembered.amount : decimalMoney(decimalText(effect.amount), remembered.amount.currency, currencyExponent) ?? effect.amount;
  return { ...known, amount, method: `${method.type} ${method.masked.slice(-4)}`, customer: effect.customer ?? method.profile ?? textAt(remembered.given, 'customer', 'id') };
}

async function valueOf<T>({ recall }: Recall, kind: string, id: string | null): Promise<T | null> {
  const found = id === null ? null : await recall(kind, id);
  return found === null ? null : found.value as T;
}
