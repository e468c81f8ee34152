import type { Remember } from '../../model/provider.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonValue } from '../wire/json.ts';
import { money, moneyOf, shown } from './amount.ts';
import { seededCustomer } from './customers.ts';
import type { PaymentStatus, PaymentView } from './payment-object.ts';
import { sandboxCard } from './sources.ts';

const kinds = ['customer', 'payment'] as const;
const statuses: readonly PaymentStatus[] = ['COMPLETED', 'APPROVED', 'CANCELED', 'FAILED'];
const longAgo = '2026-01-01T09:00:00.000Z';

/** Square's own objects, as its API shows them; what is left out is a usual one. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value'> {
  const known = kinds.find((each) => each === kind);
  if (known === undefined) throw new Error(`Square has no '${kind}' to be seeded; it has ${kinds.join(', ')}`);
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(id)) throw new Error(`'${id}' is no id of a Square ${kind}: it is letters, digits, '_' and '-'`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`Square ${kind} ${id}: the value is an object with the fields that Square shows`);
  if (known === 'customer') return { value: seededCustomer(id, given) };
  const amount = moneyOf(field(given, 'amount_money'));
  if (amount === null || BigInt(amount.minor) <= 0n) throw new Error(`Square payment ${id}: amount_money is an object of whole minor units, such as { amount: 1000, currency: USD }`);
  const status = statuses.find((each) => each === (asString(field(given, 'status')) ?? 'COMPLETED'));
  if (status === undefined) throw new Error(`Square payment ${id}: status is one of ${statuses.join(', ')}`);
  const refunded = field(given, 'refunded_money') === undefined ? money(0n, amount.currency) : moneyOf(field(given, 'refunded_money'));
  if (refunded === null || refunded.currency !== amount.currency || BigInt(refunded.minor) > BigInt(amount.minor)) throw new Error(`Square payment ${id}: refunded_money is no more than its amount_money, and of the same currency`);
  const payment = {
    created_at: longAgo, updated_at: longAgo, source_type: 'CARD', card_details: { status: 'CAPTURED', card: sandboxCard }, location_id: 'L000000000000', version_token: 'seeded', ...given, id, status,
    amount_money: shown(amount), total_money: shown(amount), approved_money: shown(amount), ...(refunded.minor === '0' ? {} : { refunded_money: shown(refunded) }),
  } as PaymentView;
  return { value: payment };
}
