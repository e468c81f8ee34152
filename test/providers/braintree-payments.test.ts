import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { CallbackDraft, SimulationContext } from '../../src/model/provider.ts';
import { readDocument } from '../../src/providers/braintree/graphql/document.ts';
import { braintree } from '../../src/providers/braintree/index.ts';
import type { XmlElement } from '../../src/providers/wire/xml.ts';
import { parseXml } from '../../src/providers/wire/xml.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

const hour = 3600 * 1000;

interface Said {
  readonly request: HttpRequest;
  readonly reply: HttpResponse;
  readonly status: number;
  readonly root: XmlElement | null;
  /** the text of the element down there */
  at(...names: readonly string[]): string | null;
  readonly codes: readonly string[];
}

function merchant(host = 'api.sandbox.braintreegateway.com') {
  const kept = memory();
  const callbacks: CallbackDraft[] = [];
  let now = fixedNow;
  let call = 0;
  const facts = (more: Partial<Parameters<typeof kept.context>[0]> = {}): SimulationContext => kept.context({ now, call, ...more });
  return {
    kept, callbacks,
    pass(ms: number): void { now += ms; },
    seed(kind: string, id: string, value: unknown): void { kept.keep([{ kind, id, expectVersion: 0, ...braintree.seed(kind, id, value) }]); },
    request(method: string, path: string, body: unknown = null, headers: HttpRequest['headers'] = [['Authorization', `Basic ${Buffer.from('public:private').toString('base64')}`]]): HttpRequest {
      const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'application/xml' : 'application/json';
      return { kind: 'http', method, scheme: 'https', authority: { host, port: 443 }, path: `/merchants/m1/${path}`, query: null, version: '1.1', headers: [...headers, ['Content-Type', type]], trailers: [], body: Buffer.from(text) };
    },
    async say(method: string, path: string, body: unknown = null, more: Partial<Parameters<typeof kept.context>[0]> = {}): Promise<Said> {
      const request = this.request(method, path, body);
      const decoded = braintree.decode(request);
      if (decoded.kind === 'unrecognized') throw new Error(decoded.why);
      call += 1;
      const { reply, remember = [], callbacks: told = [] } = await braintree.simulate(request, decoded, facts(more));
      kept.keep(remember);
      callbacks.push(...told);
      const xml = parseXml(reply.body);
      const root = xml.kind === 'xml' ? xml.root : null;
      return { request, reply, status: reply.status, root, at: (...names: readonly string[]) => found(root, names)?.text ?? null, codes: all(root, 'code') };
    },
    async happen(name: string, past: Said, detail: string | null = null): Promise<readonly (string | undefined)[]> {
      call += 1;
      const { remember = [], callbacks: told = [] } = await braintree.later({ name, recipient: null, detail }, { request: past.request, decoded: braintree.decode(past.request), reply: past.reply }, facts());
      kept.keep(remember);
      return told.map(({ event }) => event);
    },
  };
}

function found(root: XmlElement | null, names: readonly string[]): XmlElement | null {
  return names.reduce<XmlElement | null>((element, name) => element?.children.find((child) => child.name === name) ?? null, root);
}

function all(root: XmlElement | null, name: string): readonly string[] {
  return root === null ? [] : [...(root.name === name ? [root.text] : []), ...root.children.flatMap((child) => all(child, name))];
}

const sale = (more: object = {}): object => ({ transaction: { type: 'sale', amount: '10.00', payment_method_nonce: 'fake-valid-nonce', ...more } });
const settled = { options: { submit_for_settlement: true } };

it('answers XML as it answers JSON, in XML', async () => {
  const shop = merchant();
  const said = await shop.say('POST', 'transactions', '<transaction><type>sale</type><amount>10.00</amount><order-id>a&amp;b</order-id><credit-card><number>5555555555554444</number><expiration-date>12/30</expiration-date></credit-card><options><submit-for-settlement type="boolean">true</submit-for-settlement></options></transaction>');
  expect([said.status, said.root?.name, said.at('status'), said.at('order-id'), said.at('credit-card', 'last-4'), said.at('credit-card', 'card-type')]).toEqual([201, 'transaction', 'submitted_for_settlement', 'a&b', '4444', 'MasterCard']);
  expect(Buffer.from(said.reply.body).toString()).not.toContain('5555555555554444');
});

it.each([
  ['an element twice', '<transaction><type>sale</type><amount>1.00</amount><amount>100.00</amount></transaction>'], ['another root beside', '<sale><type>sale</type></sale>'], ['an attribute of its own', '<transaction x="1"><type>sale</type></transaction>'],
  ['a type of its own', '<transaction type="yaml"><type>sale</type></transaction>'], ['a boolean that is none', '<transaction><recurring type="boolean">maybe</recurring></transaction>'],
])('does not read XML with %s', (_what, body) => {
  expect(braintree.decode(merchant().request('POST', 'transactions', body)).kind).toBe('unrecognized');
});

it.each([
  ['another root beside', 'POST', 'transactions', null, { transaction: { type: 'sale', amount: '1.00' }, options: {} }], ['another root', 'POST', 'transactions', null, { sale: {} }], ['no object under its root', 'POST', 'transactions', null, { transaction: [] }], ['a list', 'POST', 'transactions', null, []],
  ['a query', 'POST', 'transactions', 'dry_run=true', { transaction: {} }], ['a query that no read has', 'GET', 'transactions/abc', 'x=1', null], ['a parameter twice', 'GET', 'customers/abc', 'association_filter_id=1&association_filter_id=2', null], ['a filter that searches nothing', 'POST', 'transactions/advanced_search_ids', null, { search: { mail: 'x' } }],
  ['a body where none belongs', 'GET', 'transactions/abc', null, {}], ['a field that no client token has', 'POST', 'client_token', null, { client_token: { send_to: 'x' } }],
])('does not read a call with %s', (_what, method, path, query, body) => {
  expect(braintree.decode({ ...merchant().request(method, path, body), query }).kind).toBe('unrecognized');
});

it('reads a customer whatever its addresses are filtered by', () => {
  expect(braintree.decode({ ...merchant().request('GET', 'customers/abc'), query: 'association_filter_id=1' }).kind).toBe('read');
});

describe('a transaction', () => {
  it('is submitted once, for no more than was authorized', async () => {
    const shop = merchant();
    const id = (await shop.say('POST', 'transactions', sale())).at('id')!;
    expect((await shop.say('PUT', `transactions/${id}/submit_for_settlement`, { transaction: { amount: '10.01' } })).codes).toEqual(['91522']);
    expect((await shop.say('PUT', `transactions/${id}/submit_for_settlement`, { transaction: {} })).at('status')).toBe('submitted_for_settlement');
    const again = await shop.say('PUT', `transactions/${id}/submit_for_settlement`);
    expect([again.status, again.codes, again.at('message')]).toEqual([422, ['91507'], 'Cannot submit for settlement unless status is authorized.']);
  });

  it('is voided until it settles, which takes a day', async () => {
    const shop = merchant();
    const first = (await shop.say('POST', 'transactions', sale(settled))).at('id')!;
    const second = (await shop.say('POST', 'transactions', sale(settled))).at('id')!;
    expect((await shop.say('PUT', `transactions/${first}/void`)).at('status')).toBe('voided');
    shop.pass(24 * hour);
    expect((await shop.say('GET', `transactions/${second}`)).at('status')).toBe('settled');
    expect((await shop.say('PUT', `transactions/${second}/void`)).codes).toEqual(['91504']);
  });

  it('is refunded in parts, and never more than there was', async () => {
    const shop = merchant();
    const id = (await shop.say('POST', 'transactions', sale(settled))).at('id')!;
    expect((await shop.say('POST', `transactions/${id}/refund`, { transaction: {} })).codes).toEqual(['91506']);
    shop.pass(24 * hour);
    expect((await shop.say('POST', `transactions/${id}/refund`, { transaction: { amount: '10.01' } })).codes).toEqual(['91521']);
    const part = await shop.say('POST', `transactions/${id}/refund`, { transaction: { amount: '4.01' } });
    expect((await shop.say('POST', `transactions/${id}/refund`, { transaction: { amount: '6.00' } })).codes).toEqual(['91521']);
    expect((await shop.say('POST', `transactions/${id}/refund`)).at('amount')).toBe('5.99');
    expect((await shop.say('POST', `transactions/${id}/refund`)).codes).toEqual(['91512']);
    expect((await shop.say('POST', `transactions/${part.at('id')}/refund`)).codes).toEqual(['91505']);
    expect((await shop.say('PUT', `transactions/${part.at('id')}/void`)).at('status')).toBe('voided');
    expect((await shop.say('POST', `transactions/${id}/refund`)).at('amount')).toBe('4.01');
  });

  it('is settled in parts that come to no more than it', async () => {
    const shop = merchant();
    const id = (await shop.say('POST', 'transactions', sale())).at('id')!;
    const part = await shop.say('POST', `transactions/${id}/submit_for_partial_settlement`, { transaction: { amount: '4.00' } });
    expect([part.at('amount'), part.at('authorized-transaction-id'), part.at('status')]).toEqual(['4.00', id, 'submitted_for_settlement']);
    expect((await shop.say('POST', `transactions/${id}/submit_for_partial_settlement`, { transaction: { amount: '6.01' } })).codes).toEqual(['91522']);
    expect((await shop.say('GET', `transactions/${id}`)).at('partial-settlement-transaction-ids', 'item')).toBe(part.at('id'));
  });

  it('whose money lies in its parts is not settled itself, so that only they are refunded', async () => {
    const shop = merchant();
    const whole = await shop.say('POST', 'transactions', sale());
    const id = whole.at('id')!;
    const part = (await shop.say('POST', `transactions/${id}/submit_for_partial_settlement`, { transaction: { amount: '6.00' } })).at('id')!;
    for (const step of ['settle', 'settlement_confirm', 'settlement_pending', 'settlement_decline']) expect((await shop.say('PUT', `transactions/${id}/${step}`)).codes).toEqual(['91575']);
    for (const name of ['transaction_settled', 'transaction_settlement_declined']) expect(await shop.happen(name, whole)).toEqual([]);
    expect((await shop.say('POST', `transactions/${id}/refund`)).codes).toEqual(['91506']);
    expect((await shop.say('PUT', `transactions/${part}/settle`)).at('status')).toBe('settled');
    expect((await shop.say('POST', `transactions/${part}/refund`)).at('amount')).toBe('6.00');
  });

  it('of parts is not refunded, however it came to be settled', async () => {
    const shop = merchant();
    const id = (await shop.say('POST', 'transactions', sale())).at('id')!;
    await shop.say('POST', `transactions/${id}/submit_for_partial_settlement`, { transaction: { amount: '6.00' } });
    const { version, value } = (await shop.kept.context().recall('transaction', id))!;
    shop.kept.keep([{ kind: 'transaction', id, expectVersion: version, value: { ...value as object, status: 'settled' } }]);
    expect((await shop.say('POST', `transactions/${id}/refund`)).codes).toEqual(['91506']);
  });

  it('is cloned unless it is of the vault, and changed while it is authorized', async () => {
    const shop = merchant();
    const id = (await shop.say('POST', 'transactions', sale({ order_id: 'o-1' }))).at('id')!;
    expect((await shop.say('POST', `transactions/${id}/clone`, { transaction_clone: { amount: '3.00' } })).codes).toEqual(['91544']);
    const clone = await shop.say('POST', `transactions/${id}/clone`, { transaction_clone: { amount: '3.00', options: { submit_for_settlement: true } } });
    expect([clone.at('amount'), clone.at('order-id'), clone.at('status'), clone.at('id') === id]).toEqual(['3.00', 'o-1', 'submitted_for_settlement', false]);
    expect((await shop.say('PUT', `transactions/${id}/adjust_authorization`, { transaction: { amount: '12.00' } })).at('amount')).toBe('12.00');
    expect((await shop.say('PUT', `transactions/${clone.at('id')}/adjust_authorization`, { transaction: { amount: '12.00' } })).codes).toEqual(['915218']);
  });

  it.each([
    ['no amount', { amount: undefined }, '81502'], ['nothing', { amount: '0.00' }, '81531'], ['less than nothing', { amount: '-1.00' }, '81501'], ['a fraction of a cent', { amount: '1.001' }, '81503'], ['words', { amount: 'ten' }, '81503'],
    ['no type', { type: undefined }, '91524'], ['a type of its own', { type: 'gift' }, '91523'], ['no payment method', { payment_method_nonce: undefined }, '91508'], ['an unknown nonce', { payment_method_nonce: 'x' }, '91565'],
    ['a used nonce', { payment_method_nonce: 'fake-consumed-nonce' }, '91564'], ['an unknown token', { payment_method_nonce: undefined, payment_method_token: 'x' }, '91518'], ['an unknown customer', { payment_method_nonce: undefined, customer_id: 'x' }, '91510'],
    ['a card without a date', { payment_method_nonce: undefined, credit_card: { number: '4111111111111111' } }, '81709'], ['a bad month', { payment_method_nonce: undefined, credit_card: { number: '4111111111111111', expiration_date: '13/2030' } }, '81710'],
  ])('with %s is invalid', async (_what, more, code) => {
    const answer = await merchant().say('POST', 'transactions', sale(more));
    expect([answer.status, answer.codes]).toEqual([422, [code]]);
  });

  it.each([
    ['2000.00', 'processor_declined', '2000', 'Do Not Honor'], ['2046.50', 'processor_declined', '2046', 'Declined'], ['2999.99', 'processor_declined', '2999', 'Processor Declined'],
    ['3000.00', 'failed', '3000', 'Processor Network Unavailable - Try Again'], ['1999.99', 'authorized', '1000', null], ['3001.00', 'authorized', '1000', null], ['5001.00', 'gateway_rejected', '', 'Gateway Rejected: application_incomplete'],
  ])('for %s comes to %s', async (amount, status, code, message) => {
    const shop = merchant();
    const answer = await shop.say('POST', 'transactions', sale({ amount }));
    const inside = message === null ? [] : ['transaction'];
    expect([answer.at(...inside, 'status'), answer.at(...inside, 'processor-response-code'), answer.at('message')]).toEqual([status, code, message]);
    expect((await shop.say('GET', `transactions/${answer.at(...inside, 'id')}`)).at('status')).toBe(status);
  });

  it('that a failure rule declines, is declined with its code whatever it says', async () => {
    const shop = merchant();
    const answer = await shop.say('POST', 'transactions', sale(), { declined: { code: '2010' } });
    expect([answer.status, answer.at('message')]).toEqual([422, 'Card Issuer Declined CVV']);
    expect((await shop.say('POST', 'transactions', sale(), { declined: { code: null } })).at('transaction', 'processor-response-code')).toBe('2000');
    const id = (await shop.say('POST', 'transactions', sale())).at('id')!;
    expect((await shop.say('PUT', `transactions/${id}/submit_for_settlement`, null, { declined: { code: null } })).at('status')).toBe('settlement_declined');
    expect((await shop.say('POST', `transactions/${id}/clone`, { transaction_clone: { amount: '3.00', options: { submit_for_settlement: true } } }, { declined: { code: null } })).status).toBe(422);
  });

  it('for the same order within half a minute is a duplicate', async () => {
    const shop = merchant();
    await shop.say('POST', 'transactions', sale({ order_id: 'o-1' }));
    expect((await shop.say('POST', 'transactions', sale({ order_id: 'o-1' }))).at('transaction', 'gateway-rejection-reason')).toBe('duplicate');
    expect((await shop.say('POST', 'transactions', sale({ order_id: 'o-1', amount: '10.01' }))).status).toBe(201);
    shop.pass(30_000);
    expect((await shop.say('POST', 'transactions', sale({ order_id: 'o-1' }))).status).toBe(201);
  });

  it('with the key of its request is made once, and again shows how it stands', async () => {
    const shop = merchant();
    const keyed = sale({ ...settled, api_request_key: 'k-1' });
    const first = await shop.say('POST', 'transactions', keyed);
    await shop.say('PUT', `transactions/${first.at('id')}/void`, { transaction: { api_request_key: 'k-2' } });
    const again = await shop.say('POST', 'transactions', keyed);
    expect([again.status, again.at('id'), again.at('status')]).toEqual([201, first.at('id'), 'voided']);
    expect((await shop.say('PUT', `transactions/${first.at('id')}/void`, { transaction: { api_request_key: 'k-2' } })).status).toBe(200);
    expect((await shop.say('POST', 'transactions', sale({ amount: '11.00', api_request_key: 'k-1' }))).codes).toEqual(['915232']);
    const declined = await shop.say('POST', 'transactions', sale({ amount: '2000.00', api_request_key: 'k-3' }));
    expect((await shop.say('POST', 'transactions', sale({ amount: '2000.00', api_request_key: 'k-3' }))).at('transaction', 'id')).toBe(declined.at('transaction', 'id'));
    shop.pass(31 * 24 * hour);
    expect((await shop.say('POST', 'transactions', keyed)).at('id')).not.toBe(first.at('id'));
  });

  it('takes a nonce from a browser once', async () => {
    const shop = merchant();
    const nonce = 'ee257d98-de40-47e8-96b3-a6954ea7a9a4';
    expect((await shop.say('POST', 'transactions', sale({ payment_method_nonce: nonce }))).status).toBe(201);
    expect((await shop.say('POST', 'transactions', sale({ payment_method_nonce: nonce }))).codes).toEqual(['91564']);
  });

  it('is settled by hand in the sandbox alone, as its amount says', async () => {
    const shop = merchant();
    const id = (await shop.say('POST', 'transactions', sale({ ...settled, amount: '4001.00' }))).at('id')!;
    expect((await shop.say('PUT', `transactions/${id}/settle`)).at('status')).toBe('settlement_declined');
    const live = merchant('api.braintreegateway.com');
    const other = (await live.say('POST', 'transactions', sale(settled))).at('id')!;
    expect((await live.say('PUT', `transactions/${other}/settle`)).status).toBe(404);
  });

  it('is not there for an id that nobody knows, and nobody is without a credential', async () => {
    const shop = merchant();
    for (const [method, path] of [['GET', 'transactions/nobody'], ['PUT', 'transactions/nobody/void'], ['POST', 'transactions/nobody/refund'], ['GET', 'customers/nobody'], ['GET', 'payment_methods/any/nobody'], ['GET', 'disputes/nobody'], ['GET', 'payment_method_nonces/nobody']] as const) {
      expect((await shop.say(method, path)).status).toBe(404);
    }
    const request = shop.request('GET', 'transactions/nobody', null, []);
    expect((await braintree.simulate(request, braintree.decode(request), shop.kept.context())).reply.status).toBe(401);
  });
});

describe('the vault', () => {
  it('keeps a card with a sale, and charges it again', async () => {
    const shop = merchant();
    const first = await shop.say('POST', 'transactions', sale({ customer: { id: 'ann', email: 'ann@example.test' }, options: { store_in_vault_on_success: true } }));
    const token = first.at('credit-card', 'token')!;
    const again = await shop.say('POST', 'transactions', { transaction: { type: 'sale', amount: '2.00', payment_method_token: token } });
    expect([again.at('customer', 'id'), again.at('customer', 'email'), again.at('credit-card', 'token')]).toEqual(['ann', 'ann@example.test', token]);
    expect((await shop.say('POST', 'transactions', sale({ customer: { id: 'ann' }, options: { store_in_vault: true } }))).codes).toEqual(['91609']);
  });

  it('takes no customer twice, no wrong address and no card that its bank declines', async () => {
    const shop = merchant();
    await shop.say('POST', 'customers', { customer: { id: 'ann' } });
    expect((await shop.say('POST', 'customers', { customer: { id: 'ann' } })).codes).toEqual(['91609']);
    expect((await shop.say('PUT', 'customers/ann', { customer: { email: 'ann' } })).codes).toEqual(['81604']);
    const declined = await shop.say('POST', 'payment_methods', { payment_method: { customer_id: 'ann', payment_method_nonce: 'fake-processor-declined-visa-nonce', options: { verify_card: true } } });
    expect([declined.status, declined.at('message'), declined.at('verification', 'status')]).toEqual([422, 'Do Not Honor', 'processor_declined']);
    expect((await shop.say('POST', 'payment_methods', { payment_method: { customer_id: 'bob', payment_method_nonce: 'fake-valid-nonce' } })).codes).toEqual(['93105']);
    expect((await shop.say('POST', 'payment_methods', { payment_method: { customer_id: 'ann', payment_method_nonce: 'fake-valid-nonce', options: { verify_card: true } } }, { declined: { code: '2001' } })).at('message')).toBe('Insufficient Funds');
  });

  it('believes ids of a restored database where it is told to', async () => {
    const shop = merchant();
    const believed = await shop.say('POST', 'transactions', { transaction: { type: 'sale', amount: '2.00', payment_method_token: 'tok1' } }, { unknownIds: 'adopt' });
    expect([believed.status, believed.at('credit-card', 'token')]).toEqual([201, 'tok1']);
    expect((await shop.say('GET', 'payment_methods/any/tok1')).at('token')).toBe('tok1');
    expect((await shop.say('GET', 'customers/of-old', null, { unknownIds: 'adopt' })).at('id')).toBe('of-old');
  });

  it('is searched by what is known, and by nothing else', async () => {
    const shop = merchant();
    for (const [order_id, amount] of [['a-1', '5.00'], ['a-2', '15.00'], ['b-1', '15.00']] as const) await shop.say('POST', 'transactions', sale({ order_id, amount }));
    const ids = async (search: object): Promise<number> => all((await shop.say('POST', 'transactions/advanced_search_ids', { search })).root, 'item').length;
    expect(await ids({})).toBe(3);
    expect(await ids({ order_id: { starts_with: 'a-' } })).toBe(2);
    expect(await ids({ order_id: { starts_with: 'a-' }, amount: { min: '6.00' } })).toBe(1);
    expect(await ids({ status: ['settled'] })).toBe(0);
    expect(await ids({ created_at: { max: new Date(fixedNow - 1).toISOString() } })).toBe(0);
    await expect(ids({ paypal_payer_email: { is: 'x' } })).rejects.toThrow('not simulated');
    await expect(ids({ amount: { about: '6.00' } })).rejects.toThrow('not simulated');
  });
});

describe('what a seed describes', () => {
  it('is refunded in its own currency, and tells whose it is', async () => {
    const shop = merchant();
    shop.seed('merchant_account', 'acme_jpy', { currency_iso_code: 'JPY' });
    shop.seed('transaction', 'old1', { amount: '1000', currency_iso_code: 'JPY', customer: { email: 'ann@example.test' }, order_id: 'o-9' });
    const refund = shop.request('POST', 'transactions/old1/refund', { transaction: { amount: '400' } });
    expect(await braintree.recalled(refund, braintree.decode(refund), shop.kept.context())).toMatchObject({ effects: [{ amount: { minor: '400', exponent: 0, currency: 'JPY' }, recipients: [{ address: 'ann@example.test' }], keys: [{ value: 'o-9' }], method: 'Visa 1881' }] });
    expect((await shop.say('POST', 'transactions/old1/refund', { transaction: { amount: '400' } })).at('currency-iso-code')).toBe('JPY');
    expect((await shop.say('POST', 'transactions', sale({ merchant_account_id: 'acme_jpy' }))).codes).toEqual(['81503']);
    expect((await shop.say('POST', 'transactions', sale({ merchant_account_id: 'acme_jpy', amount: '1000' }))).at('amount')).toBe('1000');
  });

  it('is charged by token, and declines where it says so', async () => {
    const shop = merchant();
    shop.seed('customer', 'ann', { email: 'ann@example.test', payment_methods: ['t1', 't2'] });
    shop.seed('payment_method', 't1', { customer_id: 'ann', card_type: 'MasterCard', last_4: '4444', bin: '555555' });
    shop.seed('payment_method', 't2', { customer_id: 'ann', declines: '2001' });
    expect((await shop.say('POST', 'transactions', { transaction: { type: 'sale', amount: '1.00', customer_id: 'ann' } })).at('credit-card', 'last-4')).toBe('4444');
    expect((await shop.say('POST', 'transactions', { transaction: { type: 'sale', amount: '1.00', payment_method_token: 't2' } })).at('message')).toBe('Insufficient Funds');
    const byToken = shop.request('POST', 'transactions', { transaction: { type: 'sale', amount: '1.00', payment_method_token: 't1' } });
    expect(await braintree.recalled(byToken, braintree.decode(byToken), shop.kept.context())).toMatchObject({ effects: [{ customer: 'ann', method: 'MasterCard 4444', recipients: [{ address: 'ann@example.test' }] }] });
  });

  it.each([
    ['invoice', 'a', {}, 'customer, payment_method, transaction and merchant_account'], ['customer', 'a b', {}, 'letters'], ['customer', 'a', 'x', 'no object'], ['customer', 'a', { mail: 'x' }, 'the field mail'], ['payment_method', 'a', {}, 'customer_id'],
    ['payment_method', 'a', { customer_id: 'x', last_4: '4111111111111111' }, 'four digits'], ['transaction', 'a', { amount: '1.001' }, 'amount'], ['transaction', 'a', { amount: '1', status: 'paid' }, 'settled'], ['merchant_account', 'a', {}, 'currency_iso_code'],
  ])('as %s %s %j is refused: %s', (kind, id, value, why) => {
    expect(() => braintree.seed(kind, id, value)).toThrow(why);
  });
});

describe('what happens later', () => {
  it('settles, disburses and is disputed, won or lost', async () => {
    const shop = merchant();
    const call = await shop.say('POST', 'transactions', sale(settled));
    expect(await shop.happen('transaction_disbursed', call)).toEqual([]);
    expect(await shop.happen('transaction_settled', call)).toEqual(['transaction_settled']);
    expect(await shop.happen('transaction_settled', call)).toEqual([]);
    expect(await shop.happen('transaction_disbursed', call)).toEqual(['transaction_disbursed']);
    expect(await shop.happen('dispute_won', call)).toEqual([]);
    expect(await shop.happen('dispute_opened', call)).toEqual(['dispute_opened']);
    expect(await shop.happen('dispute_lost', call)).toEqual(['dispute_lost']);
    expect(await shop.happen('dispute_won', call)).toEqual([]);
  });

  it('fails a refund, whose money can be refunded again', async () => {
    const shop = merchant();
    shop.seed('transaction', 'old1', { amount: '10.00' });
    const refund = await shop.say('POST', 'transactions/old1/refund', {});
    expect(await shop.happen('refund_failed', refund)).toEqual(['refund_failed']);
    expect((await shop.say('POST', 'transactions/old1/refund', {})).at('amount')).toBe('10.00');
  });

  it('declines a settlement with the code it is given', async () => {
    const shop = merchant();
    const call = await shop.say('POST', 'transactions', sale(settled));
    expect(await shop.happen('transaction_settlement_declined', call, '4001')).toEqual(['transaction_settlement_declined']);
    expect((await shop.say('GET', `transactions/${call.at('id')}`)).at('processor-settlement-response-text')).toBe('Settlement Declined');
  });
});

describe('a GraphQL text', () => {
  const asked = (body: object, more: Partial<HttpRequest> = {}): string => {
    const request = merchant('payments.sandbox.braintree-api.com').request('POST', '', body);
    return braintree.decode({ ...request, path: '/graphql', ...more }).kind;
  };

  it('is known by what it does, and not by what it says beside that', () => {
    const charge = '{ chargePaymentMethod(input: { paymentMethodId: "x", transaction: { amount: "1.00" } }) { transaction { id } } }';
    expect(asked({ query: `mutation ${charge}` })).toBe('effects');
    expect(asked({ query: '{ ping }' })).toBe('read');
    expect(asked({ query: `query ${charge}` })).toBe('unrecognized');
    expect(asked({ query: '{ viewer { id } }' })).toBe('unrecognized');
    expect(asked({ query: `mutation ${charge}`, extensions: {} })).toBe('unrecognized');
    expect(asked({ query: `mutation ${charge}`, variables: [] })).toBe('unrecognized');
    expect(asked({ query: '{ ping }' }, { query: 'query=mutation' })).toBe('unrecognized');
    expect(asked({ query: '{ ping }' }, { path: '/graphql/' })).toBe('unrecognized');
  });

  it('is read with variables, defaults, fragments and aliases', () => {
    const document = readDocument('# pay\nmutation M($a: A!, $b: [B!]! = [1, "x"]) { pay: charge(input: $a, more: {b: $b, c: ON, d: null}) { ...F ... on T { y } } } fragment F on S { x: z }', { a: { amount: '1' } });
    expect(document).toMatchObject({ operation: 'mutation', root: { key: 'pay', name: 'charge', arguments: { input: { amount: '1' }, more: { b: [1, 'x'], c: 'ON', d: null } }, selections: [{ key: 'x', name: 'z', on: 'S' }, { key: 'y', on: 'T' }] } });
  });

  it.each([
    ['two operations', 'query A { ping } query B { ping }'], ['two roots', 'mutation { charge(input: 1) { x } refund(input: 1) { x } }'], ['a hidden root', 'mutation { ping ... on Mutation { charge(input: 1) { x } } }'], ['a directive', 'mutation { charge(input: 1) @skip(if: true) { x } }'],
    ['an argument twice', 'mutation { charge(input: 1, input: 2) { x } }'], ['a block string', 'mutation { charge(input: """x""") { x } }'], ['a variable not defined', 'mutation { charge(input: $a) { x } }'], ['a fragment in itself', 'query { ...F } fragment F on Q { ...F }'],
    ['a subscription', 'subscription { ping }'], ['no end', 'query { ping'], ['nothing', ''], ['too deep', `query ${'{ a '.repeat(50)}${'}'.repeat(50)}`], ['a variable twice', 'query ($a: A, $a: A) { ping }'],
  ])('with %s is not read', (_what, text) => {
    expect(readDocument(text, {}).kind).toBe('unreadable');
  });
});
