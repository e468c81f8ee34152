import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { unsignedToken } from '../wire/oauth.ts';
import { minorOf, requirePurchase } from './amount.ts';
import { badValue, notFound } from './errors.ts';
import { iso, operation } from './operation.ts';
import type { Answer, Work } from './operation.ts';
import { place } from './purchase.ts';

export interface Session {
  readonly id: string;
  readonly given: JsonObject;
  /** once the customer has said yes */
  readonly token: string | null;
  readonly expiresMs: number;
}

/** A token that the customer's yes has made; gone once an order is placed with it. */
export interface Authorization { readonly session: string; readonly expiresMs: number }

const id = '([A-Za-z0-9][A-Za-z0-9_-]{0,63})';
const one = new RegExp(`^/payments/v1/sessions/${id}$`);
const authorization = (after = ''): RegExp => new RegExp(`^/payments/v1/authorizations/${id}${after}$`);
const sessionMs = 48 * 3600 * 1000;

export const paymentRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: /^\/payments\/v1\/sessions$/, operation: 'payments.sessions.create', does: 'none', run: create }),
  operation({ method: 'GET', path: one, operation: 'payments.sessions.get', run: async (work) => ({ status: 200, body: showSession(await sessionOf(work)) }) }),
  operation({
    method: 'POST', path: one, operation: 'payments.sessions.update', does: 'none',
    run: async (work) => {
      const session = await sessionOf(work);
      const given = { ...session.given, ...work.body };
      requirePurchase(given);
      work.ledger.save('session', session.id, { ...session, given });
      return { status: 204 };
    },
  }),
  operation({ method: 'POST', path: authorization('/order'), operation: 'payments.orders.create', does: 'moves', run: order }),
  operation({
    method: 'DELETE', path: authorization(), operation: 'payments.authorizations.cancel', does: 'none',
    run: async (work) => {
      const { token } = await authorized(work);
      work.ledger.save('authorization', token, null);
      return { status: 204 };
    },
  }),
];

async function create(work: Work): Promise<Answer> {
  requirePurchase(work.body);
  const sessionId = work.uuid();
  const session: Session = {
    id: sessionId, given: work.body, token: null, expiresMs: work.now + sessionMs,
  };
  work.ledger.save('session', session.id, session);
  return { status: 200, body: { session_id: session.id, client_token: clientTokenOf(session), payment_method_categories: categories } };
}

/** Made anew each time: what is called a token is not kept. */
function clientTokenOf(session: Session): string {
  return unsignedToken({ session_id: session.id, base_url: 'https://js.playground.klarna.com/eu/kp', design: 'klarna', language: 'en', purchase_country: (asString(field(session.given, 'purchase_country')) ?? '').toUpperCase() });
}

const categories: JsonObject[] = [{
  identifier: 'klarna', name: 'Pay with Klarna',
  asset_urls: { descriptive: 'https://x.klarnacdn.net/payment-method/assets/badges/generic/klarna.svg', standard: 'https://x.klarnacdn.net/payment-method/assets/badges/generic/klarna.svg' },
}];

async function sessionOf({ ledger, call }: Work): Promise<Session> {
  const session = await ledger.find<Session>('session', call.ids[0]!);
  if (session === null) throw notFound(`Session ${call.ids[0]}`);
  return session;
}

function showSession(session: Session): JsonObject {
  const { given, token, expiresMs } = session;
  const { merchant_urls: _urls, ...rest } = given;
  return { ...rest, client_token: clientTokenOf(session), status: token === null ? 'incomplete' : 'complete', expires_at: iso(expiresMs), payment_method_categories: categories, ...(token === null ? {} : { authorization_token: token }) };
}

async function authorized({ ledger, call, now }: Work): Promise<{ readonly token: string; readonly session: string }> {
  const token = call.ids[0]!;
  const found = await ledger.find<Authorization>('authorization', token);
  if (found === null || now >= found.expiresMs) throw notFound(`Authorization ${token}`);
  return { token, session: found.session };
}

/** The token is good for one order, of what the customer has seen. */
async function order(work: Work): Promise<Answer> {
  const { call } = work;
  const { token, session: sessionId } = await authorized(work);
  const session = await work.ledger.find<Session>('session', sessionId);
  if (session === null) throw notFound(`Authorization ${token}`);
  requirePurchase(work.body);
  const [wanted, seen] = [work.body, session.given].map((given) => minorOf(field(given, 'order_amount'))!);
  if (wanted! > seen!) throw badValue('order_amount');
  if (field(work.body, 'purchase_currency') !== field(session.given, 'purchase_currency')) throw badValue('purchase_currency');
  const addresses = Object.fromEntries(['billing_address', 'shipping_address', 'merchant_urls'].flatMap((name) => asObject(field(session.given, name)) === null ? [] : [[name, field(session.given, name)!]]));
  const placed = place(work, { ...addresses, ...work.body }, { declined: call.context.declined !== null });
  work.ledger.save('authorization', token, null);
  const confirmation = asString(field(asObject(field(placed.given, 'merchant_urls')), 'confirmation'));
  return { status: 200, body: { order_id: placed.id, ...(confirmation === null ? {} : { redirect_url: confirmation }), fraud_status: placed.fraud, authorized_payment_method: { type: 'invoice', number_of_days: 30 } } };
}
