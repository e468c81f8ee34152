import type { Remember } from '../../model/provider.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { breakdown, moneyOf, shown } from './amount.ts';
import { PayPalFailure } from './errors.ts';
import { requireOrder } from './order-given.ts';
import type { Order, Part } from './order-object.ts';

const kinds = ['order', 'capture', 'authorization'] as const;
const captureStates = ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'PENDING', 'DECLINED'];
const authorizationStates = ['CREATED', 'PARTIALLY_CAPTURED', 'CAPTURED', 'VOIDED'];
const longAgo = '2026-01-01T09:00:00Z';

/** PayPal's own objects, as its API shows them; what is left out is a usual one. Captures and authorizations of before are what refunds name. */
export function seed(kind: string, id: string, value: unknown): Pick<Remember, 'value' | 'index'> {
  const known = kinds.find((each) => each === kind);
  if (known === undefined) throw new Error(`PayPal has no '${kind}' to be seeded; it has ${kinds.join(', ')}`);
  if (!/^[A-Za-z0-9]{1,36}$/.test(id)) throw new Error(`'${id}' is no id of a PayPal ${kind}: it is up to 36 letters and digits`);
  const given = asObject(value as JsonValue);
  if (given === null) throw new Error(`PayPal ${kind} ${id}: the value is an object with the fields that PayPal shows`);
  return { value: known === 'order' ? order(id, given) : part(known, id, given) };
}

function stateOf(kind: string, id: string, given: JsonObject, states: readonly string[]): string {
  const state = asString(field(given, 'status')) ?? states[0]!;
  if (!states.includes(state)) throw new Error(`PayPal ${kind} ${id}: status '${state}' is none of ${states.join(', ')}`);
  return state;
}

function part(kind: 'capture' | 'authorization', id: string, given: JsonObject): Part {
  const amount = moneyOf(field(given, 'amount'));
  if (amount === null || BigInt(amount.minor) <= 0n) throw new Error(`PayPal ${kind} ${id}: amount is an object such as { currency_code: EUR, value: "10.00" }`);
  const status = stateOf(kind, id, given, kind === 'capture' ? captureStates : authorizationStates);
  const used = status === 'REFUNDED' || status === 'CAPTURED' ? amount.minor : '0';
  if (status.startsWith('PARTIALLY')) throw new Error(`PayPal ${kind} ${id}: how much is left of one that is ${status} cannot be said here; seed it as ${kind === 'capture' ? 'COMPLETED' : 'CREATED'} and let staging do the rest`);
  const of = asString(field(asObject(field(asObject(field(given, 'supplementary_data')), 'related_ids')), 'order_id')) ?? '';
  const more: JsonObject = kind === 'capture' ? { final_capture: true, seller_receivable_breakdown: breakdown(amount) } : { expiration_time: '2036-01-01T09:00:00Z' };
  return { order: of, used, view: { seller_protection: { status: 'ELIGIBLE' }, create_time: longAgo, update_time: longAgo, ...more, links: [], ...given, id, status, amount: shown(amount) } };
}

function order(id: string, given: JsonObject): Order {
  const status = stateOf('order', id, given, ['CREATED', 'PAYER_ACTION_REQUIRED', 'APPROVED', 'COMPLETED']) as Order['status'];
  const { intent, units } = required(id, { intent: 'CAPTURE', ...given });
  const ids = (unit: JsonObject, name: string): readonly string[] => (asArray(field(asObject(field(unit, 'payments')), name)) ?? []).flatMap((each) => asString(field(asObject(each), 'id')) ?? []);
  return {
    id, intent, status, source: null, payer: asObject(field(given, 'payer')), completesOnApproval: false, created: asString(field(given, 'create_time')) ?? longAgo, updated: null,
    units: units.map((unit) => {
      const { payments: _payments, ...own } = unit;
      return { given: own, captures: ids(unit, 'captures'), authorizations: ids(unit, 'authorizations'), refunds: ids(unit, 'refunds') };
    }),
  };
}

/** In PayPal's own words where PayPal would refuse to make it. */
function required(id: string, given: JsonObject): ReturnType<typeof requireOrder> {
  try {
    return requireOrder(given);
  } catch (error) {
    if (!(error instanceof PayPalFailure)) throw error;
    const [detail] = error.fault.details ?? [];
    throw new Error(`PayPal order ${id}: ${detail?.field ?? ''} ${detail?.description ?? error.message}`.replace(/ {2,}/g, ' '), { cause: error });
  }
}
