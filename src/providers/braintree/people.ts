import type { Payment } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { peopleIn } from '../wire/people-in.ts';

/** Words of the caller's own, and what stands for a card or a device: an address in them reaches nobody. */
const words = /(?:^|\/)(?:order_?[iI]d|channel|device_?[dD]ata|device_session_id|fraud_merchant_id|custom_?[fF]ields(?:\/.*)?|descriptor(?:\/.*)?|line_?[iI]tems(?:\/.*)?|payment_?[mM]ethod_?(?:[nN]once|[iI]d)|payment_method_token|token|website|company|purchase_?[oO]rder_?[nN]umber|(?:first|last|cardholder|given|family)_?[nN]ame|street_address|extended_address|locality|region|cryptogram|api_request_key)$/s;

/** Everybody a call names by an address: Braintree mails receipts to a customer's, where the merchant wants it. */
export function peopleOf(body: JsonValue): Payment['recipients'] {
  return peopleIn(body, { words, roleOf: (names) => names.findLast((name) => ['customer', 'billing', 'shipping', 'billing_address', 'shipping_address', 'paypal_account'].includes(name)) ?? 'customer' });
}

/** The caller's own numbers of things: order id, and custom fields as GraphQL and REST have them. */
export function keysOf(thing: JsonObject | null): Payment['keys'] {
  const orderId = asString(field(thing, 'order_id')) ?? asString(field(thing, 'orderId'));
  const purchase = asString(field(thing, 'purchase_order_number')) ?? asString(field(thing, 'purchaseOrderNumber'));
  const custom = field(thing, 'custom_fields') ?? field(thing, 'customFields');
  const fields: readonly (readonly [string, JsonValue | undefined])[] = asArray(custom)?.map((each) => [asString(field(asObject(each), 'name')) ?? '', field(asObject(each), 'value')] as const) ?? Object.entries(asObject(custom) ?? {});
  return [['order_id', orderId] as const, ['purchase_order_number', purchase] as const, ...fields]
    .flatMap(([name, value]) => name !== '' && typeof value === 'string' && value !== '' ? [{ name, value }] : []);
}
