import type { HttpResponse } from '../../model/exchange.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { emptyReply } from '../wire/reply.ts';
import { shownCard } from './card.ts';
import { errorReply, invalid, notFound } from './errors.ts';
import { freshId, operation } from './operation.ts';
import type { Reached, Work } from './operation.ts';
import { isTrue, textOf } from './parameters.ts';
import { under } from './place.ts';
import { consumed } from './source.ts';
import type { MadeNonce } from './source.ts';
import { fakeNonce, looksTokenized } from './test-values.ts';
import { customerOf, requireMethod, saveCustomer, saveMethod, showMethod, vaulted } from './vault.ts';
import type { Customer, PaymentMethod } from './vault.ts';
import { verification } from './verification.ts';
import { xmlReply } from './xml-reply.ts';
import type { Nodes } from './xml-reply.ts';

async function shown(work: Work, method: PaymentMethod, status: number): Promise<HttpResponse> {
  const owner = await work.ledger.find<Customer>('customer', method.customer);
  return xmlReply(status, method.card.instrument, showMethod(method, owner?.methods[0] === method.id));
}

async function create(work: Work): Promise<HttpResponse> {
  const { body } = work;
  const at = 'payment_method';
  const id = textOf(field(body, 'customer_id'));
  if (id === null) throw invalid(at, 'customer_id', '93104', 'Customer ID is required.');
  const nonce = textOf(field(body, 'payment_method_nonce'));
  if (nonce === null) throw invalid(at, 'payment_method_nonce', '93103', 'Nonce is required.');
  const customer = await customerOf(work, id);
  if (customer === null) throw invalid(at, 'customer_id', '93105', 'Customer ID is invalid.');
  const token = textOf(field(body, 'token')) ?? freshId(work);
  if (!/^[A-Za-z0-9_-]{1,36}$/.test(token)) throw invalid(['payment_method', 'credit_card'], 'token', '91718', 'Token is invalid.');
  if (await work.ledger.find('payment_method', token) !== null) throw invalid(['payment_method', 'credit_card'], 'token', '91719', 'Duplicate token.');
  const source = await consumed(work, nonce, { at, consumed: '93107', unknown: '93108' });
  const options = asObject(field(body, 'options'));
  const refused = verification(work.context, source, options);
  if (refused !== null) return errorReply(422, refused.message, [], { verification: refused.shown });
  const holder = textOf(field(body, 'cardholder_name'));
  return shown(work, vaulted(work, customer, token, holder === null ? source : { ...source, card: { ...source.card, holder } }, isTrue(field(options, 'make_default'))), 201);
}

async function update(work: Work): Promise<HttpResponse> {
  const method = await requireMethod(work, work.ids[0]!);
  const { body } = work;
  const nonce = textOf(field(body, 'payment_method_nonce'));
  const options = asObject(field(body, 'options'));
  const source = nonce === null ? { card: method.card, outcome: method.outcome } : await consumed(work, nonce, { at: 'payment_method', consumed: '93107', unknown: '93108' });
  const refused = verification(work.context, source, options);
  if (refused !== null) return errorReply(422, refused.message, [], { verification: refused.shown });
  const [, month = textOf(field(body, 'expiration_month')) ?? source.card.month, year = textOf(field(body, 'expiration_year')) ?? source.card.year] = /^([0-9]{1,2})\/([0-9]{4})$/.exec(textOf(field(body, 'expiration_date')) ?? '') ?? [];
  const token = textOf(field(body, 'token')) ?? method.id;
  if (token !== method.id && await work.ledger.find('payment_method', token) !== null) throw invalid(['payment_method', 'credit_card'], 'token', '91719', 'Duplicate token.');
  const now: PaymentMethod = { ...method, id: token, outcome: source.outcome, card: { ...source.card, month: month.padStart(2, '0'), year, holder: textOf(field(body, 'cardholder_name')) ?? source.card.holder }, updatedMs: work.context.now };
  const owner = await customerOf(work, method.customer);
  if (owner !== null) {
    const others = owner.methods.map((each) => each === method.id ? token : each);
    saveCustomer(work, { ...owner, methods: isTrue(field(options, 'make_default')) ? [token, ...others.filter((each) => each !== token)] : others });
  }
  if (token !== method.id) work.ledger.save('payment_method', method.id, null);
  saveMethod(work, now);
  return shown(work, now, 200);
}

async function remove(work: Work): Promise<HttpResponse> {
  const method = await requireMethod(work, work.ids[0]!);
  const owner = await work.ledger.find<Customer>('customer', method.customer);
  if (owner !== null) saveCustomer(work, { ...owner, methods: owner.methods.filter((token) => token !== method.id) });
  work.ledger.save('payment_method', method.id, null);
  return emptyReply(200, [['Content-Type', 'application/xml; charset=utf-8']]);
}

function showNonce(nonce: string, used: boolean, { card }: Pick<PaymentMethod, 'card'>): Nodes {
  return {
    type: card.instrument === 'paypal_account' ? 'PayPalAccount' : 'CreditCard', nonce, description: card.last4 === '' ? 'PayPal' : `ending in ${card.last4.slice(-2)}`, consumed: used, is_locked: false, default: null,
    details: card.instrument === 'paypal_account' ? { email: card.email } : { bin: card.bin, card_type: card.type, expiration_month: card.month, expiration_year: card.year, last_two: card.last4.slice(-2), last_four: card.last4 },
    three_d_secure_info: null, security_questions: null,
  };
}

async function makeNonce(work: Work): Promise<HttpResponse> {
  const method = await requireMethod(work, work.ids[0]!);
  const nonce = work.context.uuid();
  work.ledger.save('payment_method_nonce', nonce, { method: method.id, consumed: false } satisfies MadeNonce);
  return xmlReply(201, 'payment_method_nonce', showNonce(nonce, false, method));
}

async function findNonce(work: Work): Promise<HttpResponse> {
  const nonce = work.ids[0]!;
  const made = await work.ledger.find<MadeNonce>('payment_method_nonce', nonce);
  const means = fakeNonce(nonce);
  if (made !== null && made.method !== '') return xmlReply(200, 'payment_method_nonce', showNonce(nonce, made.consumed, await requireMethod(work, made.method)));
  if (means?.kind === 'method') return xmlReply(200, 'payment_method_nonce', showNonce(nonce, false, means));
  const usual = fakeNonce('fake-valid-nonce');
  if (usual?.kind === 'method' && (made !== null || means?.kind === 'consumed' || looksTokenized(nonce))) return xmlReply(200, 'payment_method_nonce', showNonce(nonce, made?.consumed ?? means !== null, usual));
  throw notFound();
}

const reached = (body: JsonObject, ids: readonly string[]): Reached => {
  const nonce = asString(field(body, 'payment_method_nonce'));
  const means = nonce === null ? null : fakeNonce(nonce);
  return { movesMoney: false, customer: asString(field(body, 'customer_id')), method: means?.kind === 'method' ? shownCard(means.card) : null, object: ids[0] ?? null };
};

export const paymentMethodRoutes: readonly JsonRoute[] = [
  operation({ method: 'POST', path: under('payment_methods'), operation: 'paymentMethod.create', root: 'payment_method', effect: reached, run: create }),
  operation({ method: 'GET', path: under('payment_methods/any/{id}'), operation: 'paymentMethod.find', root: null, run: async (work) => shown(work, await requireMethod(work, work.ids[0]!), 200) }),
  operation({ method: 'PUT', path: under('payment_methods/any/{id}'), operation: 'paymentMethod.update', root: 'payment_method', effect: reached, run: update }),
  operation({ method: 'DELETE', path: under('payment_methods/any/{id}'), operation: 'paymentMethod.delete', root: null, query: ['revoke_all_grants'], effect: reached, run: remove }),
  operation({ method: 'POST', path: under('payment_methods/{id}/nonces'), operation: 'paymentMethodNonce.create', root: 'payment_method_nonce', optional: true, effect: (body, ids) => ({ ...reached(body, ids) }), run: makeNonce }),
  operation({ method: 'GET', path: under('payment_method_nonces/{id}'), operation: 'paymentMethodNonce.find', root: null, run: findNonce }),
];
