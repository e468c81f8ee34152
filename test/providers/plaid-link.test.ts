import { beforeEach, describe, expect, it } from 'vitest';
import { plaid } from '../../src/providers/plaid/index.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';

let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(plaid, 'sandbox.plaid.com', [['PLAID-CLIENT-ID', 'x'], ['PLAID-SECRET', 'y']]); });

const say = (path: string, body: object = {}) => at.say('POST', path, body);
const ask = async (path: string, body: object = {}) => (await say(path, body)).body;
const link = { client_name: 'Shop', language: 'en', country_codes: ['US'], products: ['auth'], user: { client_user_id: 'user-1' }, webhook: 'https://shop.example.test/plaid' };
const hosted = { ...link, hosted_link: { completion_redirect_uri: 'https://shop.example.test/done' } };
const told = () => at.callbacks.map(({ target, event, body }) => [target, event, JSON.parse(body)] as const);

describe('Link', () => {
  it('is gone through on a page, connects a bank, and leads back', async () => {
    const { link_token, hosted_link_url, expiration } = await ask('/link/token/create', hosted);
    expect(expiration).toBe('2026-11-21T13:00:00Z');
    expect(await at.visit(hosted_link_url)).toMatchObject({ title: 'Plaid Link for Shop', amount: null, payer: 'user-1', choices: ['pay', 'cancel'], status: null });
    expect((await at.choose(hosted_link_url, 'pay'))?.goTo).toBe('https://shop.example.test/done');
    expect(await at.visit(hosted_link_url)).toMatchObject({ choices: [], back: 'https://shop.example.test/done' });
    const [session] = (await ask('/link/token/get', { link_token })).link_sessions;
    const { public_token } = session.results.item_add_results[0];
    expect(told()).toEqual([['https://shop.example.test/plaid', 'SESSION_FINISHED', { webhook_type: 'LINK', webhook_code: 'SESSION_FINISHED', status: 'SUCCESS', link_session_id: session.link_session_id, link_token, public_token, public_tokens: [public_token], environment: 'sandbox' }]]);
    const { access_token, item_id } = await ask('/item/public_token/exchange', { public_token });
    expect((await ask('/item/get', { access_token })).item).toMatchObject({ item_id, webhook: 'https://shop.example.test/plaid', products: ['auth'], error: null });
    expect((await ask('/accounts/get', { access_token })).accounts.map(({ account_id }: { account_id: string }) => account_id)).toEqual(session.results.item_add_results[0].accounts.map(({ id }: { id: string }) => id));
    expect(await say('/item/public_token/exchange', { public_token })).toMatchObject({ status: 400, body: { error_code: 'INVALID_PUBLIC_TOKEN' } });
  });

  it('that is left adds nothing', async () => {
    const { link_token, hosted_link_url } = await ask('/link/token/create', hosted);
    expect((await at.choose(hosted_link_url, 'cancel'))?.goTo).toBe('https://shop.example.test/done');
    expect((await ask('/link/token/get', { link_token })).link_sessions[0]).toMatchObject({ on_success: null, results: { item_add_results: [] } });
    expect(told()[0]![2].status).toBe('EXITED');
    const nowhere = await ask('/link/token/create', { ...hosted, hosted_link: { completion_redirect_uri: 'javascript:alert(1)' } });
    expect(await at.choose(nowhere.hosted_link_url, 'pay')).toMatchObject({ goTo: null, says: expect.stringContaining('go back') });
  });

  it('without a page of its own is finished by what is made to happen, once', async () => {
    const made = await say('/link/token/create', { ...link, webhook: undefined });
    expect(made.body.hosted_link_url).toBeUndefined();
    expect((await at.happen('SESSION_FINISHED', made)).map(({ target }) => target)).toEqual(['plaid']);
    expect(await at.happen('SESSION_FINISHED', made)).toEqual([]);
  });

  it('is over after four hours', async () => {
    const { hosted_link_url } = await ask('/link/token/create', hosted);
    at.pass(4 * 3600_000);
    expect(await at.visit(hosted_link_url)).toMatchObject({ choices: [], status: 'This link has expired.' });
    expect(await at.choose(hosted_link_url, 'pay')).toBeNull();
    expect(await say('/link/token/get', { link_token: 'link-sandbox-nobody' })).toMatchObject({ status: 400, body: { error_code: 'INVALID_LINK_TOKEN' } });
  });
});

describe('an item', () => {
  const connect = async () => {
    const { public_token } = await ask('/sandbox/public_token/create', { institution_id: 'ins_3', initial_products: ['auth'] });
    return say('/item/public_token/exchange', { public_token });
  };

  it('that needs a login says so, until it is repaired in Link', async () => {
    const made = await connect();
    const { access_token, item_id } = made.body;
    expect((await at.happen('ITEM_LOGIN_REQUIRED', made)).map(({ target, body }) => [target, JSON.parse(body)])).toEqual([['plaid', expect.objectContaining({ webhook_type: 'ITEM', webhook_code: 'ERROR', item_id, error: expect.objectContaining({ error_code: 'ITEM_LOGIN_REQUIRED' }) })]]);
    expect((await say('/auth/get', { access_token })).body.error_code).toBe('ITEM_LOGIN_REQUIRED');
    const { hosted_link_url } = await ask('/link/token/create', { ...hosted, access_token });
    await at.choose(hosted_link_url, 'pay');
    expect((await say('/auth/get', { access_token })).status).toBe(200);
  });

  it('comes of a public token within half an hour', async () => {
    const { public_token } = await ask('/sandbox/public_token/create', { institution_id: 'ins_3', initial_products: ['auth'] });
    at.pass(30 * 60_000);
    expect((await say('/item/public_token/exchange', { public_token })).body.error_code).toBe('INVALID_PUBLIC_TOKEN');
  });

  it('that was removed is not the same as never there', async () => {
    const { access_token } = (await connect()).body;
    const { new_access_token } = await ask('/item/access_token/invalidate', { access_token });
    expect((await say('/item/remove', { access_token: new_access_token })).status).toBe(200);
    for (const gone of [access_token, new_access_token]) expect((await say('/accounts/get', { access_token: gone })).body.error_code).toBe('ITEM_NOT_FOUND');
    expect((await say('/accounts/get', { access_token: 'access-sandbox-nobody' })).body.error_code).toBe('INVALID_ACCESS_TOKEN');
    expect((await say('/accounts/get', { access_token: 'nonsense' })).body.error_message).toContain('expected format: access-sandbox-<identifier>');
  });

  it('shows the accounts that are asked for, and says its webhook', async () => {
    const { access_token } = (await connect()).body;
    const [, savings] = (await ask('/accounts/balance/get', { access_token })).accounts;
    expect((await ask('/accounts/get', { access_token, options: { account_ids: [savings.account_id] } })).accounts).toEqual([savings]);
    expect((await say('/accounts/get', { access_token, options: { account_ids: ['other'] } })).body.error_code).toBe('INVALID_ACCOUNT_ID');
    expect((await ask('/item/webhook/update', { access_token, webhook: 'https://shop.example.test/new' })).item.webhook).toBe('https://shop.example.test/new');
    await say('/sandbox/item/fire_webhook', { access_token, webhook_type: 'AUTH', webhook_code: 'DEFAULT_UPDATE' });
    expect(told().map(([target, event]) => [target, event])).toEqual([['https://shop.example.test/new', 'DEFAULT_UPDATE']]);
  });

  it('of a restored database is made up where that is allowed, with whatever account it is said to have', async () => {
    const context = () => kept.context({ unknownIds: 'adopt' });
    const kept = memory();
    const call = async (path: string, body: object) => {
      const request: HttpRequest = { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'production.plaid.com', port: 443 }, path, query: null, version: '1.1', headers: [['PLAID-CLIENT-ID', 'x'], ['PLAID-SECRET', 'y'], ['Content-Type', 'application/json']], trailers: [], body: Buffer.from(JSON.stringify(body)) };
      const { reply, remember } = await plaid.simulate(request, plaid.decode(request), context());
      kept.keep(remember ?? []);
      return JSON.parse(Buffer.from(reply.body).toString());
    };
    const of = { access_token: 'access-production-old', account_id: 'acc_old' };
    expect((await call('/transfer/authorization/create', { ...of, type: 'debit', network: 'ach', amount: '1.00', user: { legal_name: 'Ann' } })).authorization.decision).toBe('approved');
    expect((await call('/accounts/get', { access_token: of.access_token })).accounts.map(({ account_id }: { account_id: string }) => account_id)).toContain('acc_old');
  });
});

describe('a European payment', () => {
  const pay = async () => {
    const { recipient_id } = await ask('/payment_initiation/recipient/create', { name: 'Shop', bacs: { account: '26207729', sort_code: '560029' } });
    const made = await say('/payment_initiation/payment/create', { recipient_id, reference: 'order 1', amount: { currency: 'GBP', value: 10.1 } });
    const { hosted_link_url } = await ask('/link/token/create', { ...hosted, products: ['payment_initiation'], payment_initiation: { payment_id: made.body.payment_id } });
    return { made, id: made.body.payment_id as string, url: hosted_link_url as string };
  };
  const status = async (payment_id: string) => (await ask('/payment_initiation/payment/get', { payment_id })).status;
  const reverse = (payment_id: string, value: number | null, idempotency_key: string) => say('/payment_initiation/payment/reverse', { payment_id, idempotency_key, reference: 'back', ...(value === null ? {} : { amount: { currency: 'GBP', value } }) });

  it('is made on the page, told step by step, and refunded to what is left', async () => {
    const { id, url } = await pay();
    expect(await at.visit(url)).toMatchObject({ amount: { minor: '1010', currency: 'GBP' }, choices: ['pay', 'decline', 'cancel'] });
    expect((await reverse(id, 1, 'a')).status).toBe(400);
    await at.choose(url, 'pay');
    expect(told().map(([target, event, body]) => [target, event, body.old_payment_status ?? body.status])).toEqual([
      ['https://shop.example.test/plaid', 'PAYMENT_STATUS_INITIATED', 'PAYMENT_STATUS_INPUT_NEEDED'], ['https://shop.example.test/plaid', 'PAYMENT_STATUS_EXECUTED', 'PAYMENT_STATUS_INITIATED'], ['https://shop.example.test/plaid', 'SESSION_FINISHED', 'SUCCESS'],
    ]);
    expect(await status(id)).toBe('PAYMENT_STATUS_EXECUTED');
    expect((await reverse(id, 10.11, 'a')).status).toBe(400);
    expect((await reverse(id, 0.1, 'a')).body.status).toBe('INITIATED');
    expect((await reverse(id, 0.1, 'a')).status).toBe(200);
    expect((await ask('/payment_initiation/payment/get', { payment_id: id })).amount_refunded).toEqual({ currency: 'GBP', value: 0.1 });
    expect((await reverse(id, null, 'b')).status).toBe(200);
    expect((await reverse(id, null, 'c')).status).toBe(400);
    expect((await ask('/payment_initiation/payment/list')).payments[0].refund_ids).toHaveLength(2);
  });

  it('is declined on the page', async () => {
    const { id, url } = await pay();
    await at.choose(url, 'decline');
    expect(await status(id)).toBe('PAYMENT_STATUS_INSUFFICIENT_FUNDS');
    expect(told().at(-1)![2].status).toBe('EXITED');
  });

  it('comes to what is made to happen, or simulated, where that can be', async () => {
    const { made, id } = await pay();
    expect(await say('/sandbox/payment/simulate', { payment_id: id, webhook: 'https://shop.example.test/w', status: 'PAYMENT_STATUS_SETTLED' })).toMatchObject({ status: 400 });
    expect((await say('/sandbox/payment/simulate', { payment_id: id, webhook: 'https://shop.example.test/w', status: 'PAYMENT_STATUS_INITIATED' })).body).toMatchObject({ old_status: 'PAYMENT_STATUS_INPUT_NEEDED', new_status: 'PAYMENT_STATUS_INITIATED' });
    expect((await at.happen('PAYMENT_STATUS_REJECTED', made)).map(({ event }) => event)).toEqual(['PAYMENT_STATUS_REJECTED']);
    expect(await at.happen('PAYMENT_STATUS_EXECUTED', made)).toEqual([]);
  });

  it.each([[{ currency: 'GBP', value: 0 }], [{ currency: 'GBP', value: 1.001 }], [{ currency: 'GBP', value: '1.00' }], [{ currency: 'GBP', value: 0.1 + 0.2 }], [{ value: 1 }]])('is refused for %j', async (amount) => {
    const { recipient_id } = await ask('/payment_initiation/recipient/create', { name: 'Shop', iban: 'NL02ABNA0123456789' });
    expect((await say('/payment_initiation/payment/create', { recipient_id, reference: 'x', amount })).status).toBe(400);
  });
});

it.each([['pay', 'SUCCEEDED'], ['decline', 'FAILED']] as const)('a transfer intent whose payer chooses to %s has %s', async (choice, status) => {
  const { transfer_intent } = await ask('/transfer/intent/create', { mode: 'PAYMENT', amount: '12.34', description: 'order 1', ach_class: 'ppd', user: { legal_name: 'Ann' } });
  const { hosted_link_url } = await ask('/link/token/create', { ...hosted, products: ['transfer'], transfer: { intent_id: transfer_intent.id } });
  expect(await at.visit(hosted_link_url)).toMatchObject({ amount: { minor: '1234' } });
  await at.choose(hosted_link_url, choice);
  const after = (await ask('/transfer/intent/get', { transfer_intent_id: transfer_intent.id })).transfer_intent;
  expect(after).toMatchObject({ status, authorization_decision: choice === 'pay' ? 'APPROVED' : 'DECLINED' });
  if (choice === 'pay') expect((await ask('/transfer/get', { transfer_id: after.transfer_id })).transfer).toMatchObject({ amount: '12.34', type: 'debit' });
});

it('an institution is found by its id and its name', async () => {
  expect((await ask('/institutions/get_by_id', { institution_id: 'ins_3', country_codes: ['US'] })).institution.institution_id).toBe('ins_3');
  expect((await say('/institutions/get_by_id', { institution_id: 'bank', country_codes: ['US'] })).status).toBe(404);
  expect((await ask('/institutions/search', { query: 'Platypus', country_codes: ['US'] })).institutions).toHaveLength(1);
  expect((await ask('/institutions/get', { count: 10, offset: 0, country_codes: ['US'] })).total).toBe(1);
});
