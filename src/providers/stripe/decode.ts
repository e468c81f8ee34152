import type { HttpRequest } from '../../model/exchange.ts';
import type { Addressee } from '../../model/recipient.ts';
import type { Decoded } from '../../model/side-effect.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';
import { amountOf } from './amount.ts';
import { livenessOf } from './credential.ts';
import { readCall } from './request.ts';
import type { StripeCall } from './request.ts';
import { brandOf, cardByToken, cardText } from './test-cards.ts';

/** What a call would do. Every write is one payment effect; `movesMoney` tells whether this call itself moves any. */
export function decode(request: HttpRequest): Decoded {
  const read = readCall(request);
  if (read.kind !== 'call') return { kind: 'unrecognized', why: read.why };
  const { call } = read;
  const { operation, does } = call.route;
  const recipients = addressees(call);
  const odd = recipients.find(({ address }) => /[\p{Cc}[\]{}<>"\\^`|]/u.test(address));
  if (odd !== undefined) return { kind: 'unrecognized', why: `an address of role ${odd.role} holds characters that no address has` };
  const liveness = livenessOf(request, call.params);
  if (does === 'read') return { kind: 'read', operation, liveness };
  return {
    kind: 'effects',
    effects: [{
      channel: 'payment', provider: 'stripe', operation, liveness,
      recipients,
      keys: keys(call.params),
      amount: amountOf(call.params),
      movesMoney: does === 'money' || does === 'money-if-confirm' && isTrue(field(call.params, 'confirm')),
      customer: customerOf(call),
      method: methodOf(call.params) ?? pathMethod(call),
      object: objectOf(call),
      description: asString(field(call.params, 'description')) || null,
    }],
  };
}

/** Anything but a plain no counts: 'confirm=1' is taken as a yes. */
function isTrue(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== false && value !== null;
}

/** Every leaf of the parameters, with its path of names. */
function leaves(value: JsonValue, path: readonly string[] = []): readonly { readonly path: readonly string[]; readonly value: JsonValue }[] {
  const children = asArray(value)?.map((item, index) => [String(index), item] as const) ?? Object.entries(asObject(value) ?? {});
  return typeof value === 'object' && value !== null ? children.flatMap(([name, item]) => leaves(item, [...path, name])) : [{ path, value }];
}

/** Whoever might get a mail: any parameter named email or *_email, at any depth. metadata is the caller's own. */
function addressees(call: StripeCall): readonly Addressee[] {
  const found = new Map<string, Addressee>();
  for (const { path, value } of leaves(call.params)) {
    // 'receipt_email[]' and 'receipt_email[0]' are read as the field itself by somebody
    const name = path.findLast((part) => !/^\d*$/.test(part)) ?? '';
    if (path.includes('metadata') || !/(?:^|_)email$/i.test(name) || typeof value !== 'string' || trimmed(value) === '') continue;
    const one = { address: trimmed(value), kind: 'email', role: roles[name] ?? name } as const;
    const known = `${one.role} ${one.address}`;
    if (!found.has(known)) found.set(known, one);
  }
  return [...found.values()];
}

const roles: Readonly<Record<string, string | undefined>> = { receipt_email: 'receipt', email: 'customer', customer_email: 'customer' };

/** The caller's metadata, wherever it stands, and the two parameters that are made for its own numbers. */
function keys(params: JsonObject): readonly { readonly name: string; readonly value: string }[] {
  return leaves(params).flatMap(({ path, value }) => {
    const own = path.length > 1 && path.at(-2) === 'metadata' || path.length === 1 && ['client_reference_id', 'transfer_group'].includes(path[0]!);
    return own && typeof value === 'string' && value !== '' ? [{ name: path.at(-1)!, value }] : [];
  });
}

function customerOf(call: StripeCall): string | null {
  const id = asString(field(call.params, 'customer')) || (call.route.operation.startsWith('customers.') ? call.ids[0] : null);
  return id || [field(call.params, 'customer_email'), field(call.params, 'receipt_email'), field(call.params, 'email')].map((value) => asString(value ?? null)).find(Boolean) || null;
}

/** The object of the path, or the payment that a refund is about. */
function objectOf(call: StripeCall): string | null {
  return call.ids.at(-1) ?? (asString(field(call.params, 'payment_intent')) || asString(field(call.params, 'charge')) || null);
}

/** /v1/payment_methods/{id} and what is below it */
function pathMethod(call: StripeCall): string | null {
  return call.route.operation.startsWith('payment_methods.') && call.ids[0] !== undefined ? named(call.ids[0]) : null;
}

function named(id: string): string {
  const known = cardByToken(id);
  return known === null ? id.slice(0, 100) : cardText(known);
}

/** 'Visa 4242' where the request tells, else the id of the method, else its type. Of a number never more than four digits. */
function methodOf(params: JsonObject): string | null {
  const data = asObject(field(params, 'payment_method_data')) ?? params;
  const card = asObject(field(data, 'card'));
  const number = asString(field(card, 'number'))?.replaceAll(/[ -]/g, '');
  if (number !== undefined && /^[0-9]{8,19}$/.test(number)) return cardText({ brand: brandOf(number), number });
  const id = asString(field(params, 'payment_method')) || asString(field(params, 'source')) || asString(field(card, 'token'));
  if (id) return named(id);
  const type = asString(field(data, 'type'));
  return type !== null && (data !== params || card !== null) ? type : null;
}
