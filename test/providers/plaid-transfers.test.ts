import { beforeEach, describe, expect, it } from 'vitest';
import { plaid } from '../../src/providers/plaid/index.ts';
import { teller } from '../support/teller.ts';

const keys = [['PLAID-CLIENT-ID', 'x'], ['PLAID-SECRET', 'y']] as const;
const user = { legal_name: 'Ann Customer', email_address: 'ann@customer.example' };
const debit = { type: 'debit', network: 'ach', amount: '100.00', ach_class: 'ppd', user };
let at: ReturnType<typeof teller>;
let bank: { readonly access_token: string; readonly account_id: string };
beforeEach(async () => {
  at = teller(plaid, 'sandbox.plaid.com', keys);
  bank = await connected();
});

async function connected(): Promise<typeof bank> {
  const { public_token } = await ask('/sandbox/public_token/create', { institution_id: 'ins_109508', initial_products: ['transfer'], options: { webhook: 'https://shop.example.test/plaid' } });
  const { access_token } = await ask('/item/public_token/exchange', { public_token });
  return { access_token, account_id: (await ask('/accounts/get', { access_token })).accounts[0].account_id };
}

const say = (path: string, body: object = {}) => at.say('POST', path, body);
const ask = async (path: string, body: object = {}) => (await say(path, body)).body;
const authorize = (more: object = {}) => say('/transfer/authorization/create', { ...bank, ...debit, ...more });
const transfer = async (more: object = {}) => {
  const { authorization } = (await authorize(more)).body;
  return say('/transfer/create', { ...bank, authorization_id: authorization.id, description: 'payment', metadata: { order_id: '1' } });
};
const balance = async () => (await ask('/transfer/ledger/get')).balance;
const events = async (after = 0) => (await ask('/transfer/event/sync', { after_id: after })).transfer_events.map(({ event_type }: { event_type: string }) => event_type) as string[];
const simulate = (transfer_id: string, event_type: string, more: object = {}) => say('/sandbox/transfer/simulate', { transfer_id, event_type, ...more });

describe('an authorization', () => {
  it('is made once for one idempotency_key, for two days', async () => {
    const first = await authorize({ idempotency_key: 'k' });
    expect((await authorize({ idempotency_key: 'k' })).body.authorization.id).toBe(first.body.authorization.id);
    at.pass(48 * 3600_000);
    expect((await authorize({ idempotency_key: 'k' })).body.authorization.id).not.toBe(first.body.authorization.id);
  });

  it('is made again with the same idempotency_key once its user has done what was required', async () => {
    await say('/sandbox/item/reset_login', bank);
    expect((await authorize({ idempotency_key: 'k' })).body.authorization.decision).toBe('user_action_required');
    const again = await connected();
    const first = (await authorize({ ...again, idempotency_key: 'k' })).body.authorization;
    expect(first.decision).toBe('approved');
    expect((await authorize({ ...again, idempotency_key: 'k' })).body.authorization.id).toBe(first.id);
  });

  it('is declined where the account has less, or nothing', async () => {
    expect((await authorize({ amount: '100000.01' })).body.authorization).toMatchObject({ decision: 'declined', decision_rationale: { code: 'NSF' } });
    expect((await authorize({ amount: '100000.00' })).body.authorization).toMatchObject({ decision: 'approved', decision_rationale: null });
    at.seed('item', 'access-sandbox-empty', { accounts: [{ account_id: 'acc', balances: { available: 0 } }] });
    expect((await authorize({ access_token: 'access-sandbox-empty', account_id: 'acc' })).body.authorization.decision_rationale.code).toBe('RISK');
  });

  it.each(plaid.declines)('is declined with %s when that is said', async (code) => {
    at.decline({ code });
    const { authorization } = (await authorize()).body;
    expect(authorization).toMatchObject({ decision: 'declined', decision_rationale: { code } });
    at.decline(null);
    expect(await say('/transfer/create', { ...bank, authorization_id: authorization.id, description: 'payment' })).toMatchObject({ status: 400, body: { error_message: 'the authorization is declined' } });
  });

  it('asks for the user where the bank wants a login', async () => {
    await say('/sandbox/item/reset_login', bank);
    expect((await authorize()).body.authorization).toMatchObject({ decision: 'user_action_required', decision_rationale: { code: 'ITEM_LOGIN_REQUIRED' } });
    expect(await say('/accounts/get', bank)).toMatchObject({ status: 400, body: { error_type: 'ITEM_ERROR', error_code: 'ITEM_LOGIN_REQUIRED' } });
  });

  it.each<[string, object, string]>([
    ['no user', { user: undefined }, 'MISSING_FIELDS'], ['no legal name', { user: {} }, 'MISSING_FIELDS'], ['a number', { amount: 10 }, 'INVALID_FIELD'], ['nothing', { amount: '0.00' }, 'INVALID_FIELD'], ['too many decimals', { amount: '1.001' }, 'INVALID_FIELD'],
    ['another network', { network: 'sepa' }, 'INVALID_FIELD'], ['another type', { type: 'gift' }, 'INVALID_FIELD'], ['another account', { account_id: 'other' }, 'INVALID_ACCOUNT_ID'], ['another token', { access_token: 'access-sandbox-nobody' }, 'INVALID_ACCESS_TOKEN'],
    ['a token of production', { access_token: 'access-production-nobody' }, 'INVALID_ACCESS_TOKEN'],
  ])('is refused with %s', async (_, more, code) => {
    expect(await authorize(more)).toMatchObject({ status: 400, body: { error_code: code, display_message: null } });
  });

  it('is good for an hour, for one transfer of no more, and not when it was cancelled', async () => {
    const { authorization: { id } } = (await authorize()).body;
    const create = (more: object = {}) => say('/transfer/create', { ...bank, authorization_id: id, description: 'payment', ...more });
    expect((await create({ amount: '100.01' })).body.error_message).toContain('amount authorized');
    const made = await create({ amount: '99.99' });
    expect(made.body.transfer.amount).toBe('99.99');
    expect((await create()).body.transfer.id).toBe(made.body.transfer.id);
    expect((await say('/transfer/authorization/cancel', { authorization_id: id })).body.error_code).toBe('TRANSFER_NOT_CANCELLABLE');
    const [late, cancelled] = [(await authorize()).body.authorization.id, (await authorize()).body.authorization.id];
    await say('/transfer/authorization/cancel', { authorization_id: cancelled });
    expect((await create({ authorization_id: cancelled })).body.error_message).toBe('the authorization is cancelled');
    at.pass(3600_000);
    expect((await create({ authorization_id: late })).body.error_message).toBe('the authorization has expired');
  });
});

describe('a transfer', () => {
  it('goes from step to step, into the ledger, and back', async () => {
    const made = await transfer();
    const { id } = made.body.transfer;
    expect(made.body.transfer).toMatchObject({ status: 'pending', cancellable: true, amount: '100.00', metadata: { order_id: '1' }, iso_currency_code: 'USD' });
    expect(await balance()).toEqual({ available: '100000.00', pending: '100.00' });
    expect((await simulate(id, 'settled')).body).toMatchObject({ error_type: 'SANDBOX_ERROR', error_code: 'SANDBOX_TRANSFER_EVENT_TRANSITION_INVALID' });
    for (const event of ['posted', 'settled', 'funds_available']) expect((await simulate(id, event)).status).toBe(200);
    expect(await balance()).toEqual({ available: '100100.00', pending: '0.00' });
    expect(at.callbacks).toEqual([]);
    expect((await at.happen('returned', made, { detail: 'r10' })).map(({ target, event }) => [target, event])).toEqual([['plaid', 'returned']]);
    expect(await balance()).toEqual({ available: '100000.00', pending: '0.00' });
    expect((await ask('/transfer/get', { transfer_id: id })).transfer).toMatchObject({ status: 'returned', cancellable: false, failure_reason: { failure_code: 'R10', ach_return_code: 'R10' } });
    expect(await events()).toEqual(['pending', 'posted', 'settled', 'funds_available', 'returned']);
    expect(await events(4)).toEqual(['returned']);
    expect((await ask('/transfer/event/sync', { after_id: 0, count: 2 })).has_more).toBe(true);
    expect((await ask('/transfer/event/list', { transfer_id: id, event_types: ['posted'] })).transfer_events).toHaveLength(1);
  });

  it('is cancelled while it is pending, and not twice', async () => {
    const { id } = (await transfer()).body.transfer;
    expect((await say('/transfer/cancel', { transfer_id: id })).status).toBe(200);
    expect(await say('/transfer/cancel', { transfer_id: id })).toMatchObject({ status: 400, body: { error_type: 'TRANSFER_ERROR', error_code: 'TRANSFER_NOT_CANCELLABLE' } });
    expect(await balance()).toEqual({ available: '100000.00', pending: '0.00' });
  });

  it('out of the ledger takes what is there, and no more', async () => {
    const made = await transfer({ type: 'credit', amount: '40000.00' });
    expect(await balance()).toEqual({ available: '60000.00', pending: '0.00' });
    expect((await authorize({ type: 'credit', amount: '60000.01' })).body.authorization.decision_rationale.code).toBe('NSF');
    await at.happen('failed', made);
    expect(await balance()).toEqual({ available: '100000.00', pending: '0.00' });
    expect(await at.happen('funds_available', made)).toEqual([]);
  });

  it('fails where the bank declines after all', async () => {
    const { authorization } = (await authorize()).body;
    at.decline({ code: null });
    const made = await say('/transfer/create', { ...bank, authorization_id: authorization.id, description: 'payment' });
    expect(made.body.transfer).toMatchObject({ status: 'failed', failure_reason: { ach_return_code: 'R01' } });
    expect(await events()).toEqual(['pending', 'failed']);
    expect(await balance()).toEqual({ available: '100000.00', pending: '0.00' });
  });

  it('is listed and found by its authorization', async () => {
    const ids = [await transfer(), await transfer(), await transfer()].map(({ body }) => body.transfer);
    expect((await ask('/transfer/list', { count: 2 })).transfers.map(({ id }: { id: string }) => id)).toEqual([ids[2].id, ids[1].id]);
    expect((await ask('/transfer/list', { count: 2, offset: 2 })).transfers).toHaveLength(1);
    expect((await ask('/transfer/list', { end_date: '2020-01-01T00:00:00Z' })).transfers).toEqual([]);
    expect((await ask('/transfer/get', { authorization_id: ids[0].authorization_id })).transfer.id).toBe(ids[0].id);
    expect((await say('/transfer/list', { count: 26 })).status).toBe(400);
  });

  it('of production tells by itself that there is news', async () => {
    at = teller(plaid, 'production.plaid.com', keys);
    at.seed('item', 'access-production-1', {});
    const of = { access_token: 'access-production-1', account_id: 'any' };
    const { authorization } = (await say('/transfer/authorization/create', { ...of, ...debit })).body;
    await say('/transfer/create', { ...of, authorization_id: authorization.id, description: 'payment' });
    expect(at.callbacks.map(({ target, event, body }) => [target, event, JSON.parse(body).environment])).toEqual([['plaid', 'pending', 'production']]);
    expect(await say('/sandbox/transfer/fire_webhook', { webhook: 'https://shop.example.test/' })).toMatchObject({ status: 400, body: { error_code: 'SANDBOX_ONLY' } });
  });
});

describe('a refund', () => {
  it('is no more than is left, and lies in the ledger again when it fails', async () => {
    const { id } = (await transfer()).body.transfer;
    const refund = (amount: string, idempotency_key: string) => say('/transfer/refund/create', { transfer_id: id, amount, idempotency_key });
    const first = await refund('60.00', 'a');
    expect((await refund('60.00', 'a')).body.refund.id).toBe(first.body.refund.id);
    expect((await refund('40.01', 'b')).status).toBe(400);
    expect(await balance()).toEqual({ available: '99940.00', pending: '100.00' });
    expect((await at.happen('refund.posted', first)).map(({ event }) => event)).toEqual(['refund.posted']);
    expect((await say('/transfer/refund/cancel', { refund_id: first.body.refund.id })).status).toBe(400);
    await say('/sandbox/transfer/refund/simulate', { refund_id: first.body.refund.id, event_type: 'refund.returned' });
    expect(await balance()).toEqual({ available: '100000.00', pending: '100.00' });
    const second = await refund('100.00', 'c');
    expect((await say('/transfer/refund/cancel', { refund_id: second.body.refund.id })).status).toBe(200);
    expect((await ask('/transfer/get', { transfer_id: id })).transfer.refunds.map(({ status }: { status: string }) => status)).toEqual(['returned', 'cancelled']);
    expect(await events()).toEqual(['pending', 'refund.pending', 'refund.posted', 'refund.returned', 'refund.pending', 'refund.cancelled']);
  });

  it('is not possible of a credit, nor of what was cancelled', async () => {
    const credit = (await transfer({ type: 'credit' })).body.transfer;
    const gone = (await transfer()).body.transfer;
    await say('/transfer/cancel', { transfer_id: gone.id });
    for (const { id } of [credit, gone]) expect((await say('/transfer/refund/create', { transfer_id: id, amount: '1.00', idempotency_key: id })).status).toBe(400);
  });
});

it('the ledger is filled and emptied by sweeps', async () => {
  const move = (kind: string, amount: string) => say(`/transfer/ledger/${kind}`, { amount, network: 'ach', idempotency_key: `${kind} ${amount}` });
  const deposit = await move('deposit', '50.00');
  expect(deposit.body.sweep).toMatchObject({ amount: '-50.00', status: 'pending' });
  expect(await balance()).toEqual({ available: '100000.00', pending: '50.00' });
  await say('/sandbox/transfer/ledger/simulate_available');
  expect(await balance()).toEqual({ available: '100050.00', pending: '0.00' });
  expect((await move('withdraw', '100050.01')).status).toBe(400);
  const withdraw = await move('withdraw', '100050.00');
  expect(await balance()).toEqual({ available: '0.00', pending: '0.00' });
  await say('/sandbox/transfer/ledger/withdraw/simulate', { sweep_id: withdraw.body.sweep.id, event_type: 'sweep.failed' });
  expect(await balance()).toEqual({ available: '100050.00', pending: '0.00' });
  expect((await ask('/transfer/sweep/list', { status: 'failed' })).sweeps.map(({ id }: { id: string }) => id)).toEqual([withdraw.body.sweep.id]);
  expect(await events()).toEqual(['sweep.pending', 'sweep.pending', 'sweep.failed']);
  expect((await say('/transfer/ledger/distribute', { from_ledger_id: 'a', to_ledger_id: 'b', amount: '1.00', idempotency_key: 'd' })).status).toBe(404);
});

it('a recurring transfer makes its first one on its first day', async () => {
  const schedule = { interval_unit: 'month', interval_count: 1, interval_execution_day: 1, start_date: '2026-11-21' };
  const create = (key: string, more: object = {}) => say('/transfer/recurring/create', { ...bank, ...debit, idempotency_key: key, description: 'rent', schedule, ...more });
  const made = (await create('a')).body.recurring_transfer;
  expect(made).toMatchObject({ status: 'active', amount: '100.00', transfer_ids: [expect.any(String)] });
  expect((await ask('/transfer/get', { transfer_id: made.transfer_ids[0] })).transfer.recurring_transfer_id).toBe(made.recurring_transfer_id);
  expect((await create('b', { schedule: { ...schedule, start_date: '2026-12-01' } })).body.recurring_transfer.transfer_ids).toEqual([]);
  expect((await create('c', { schedule: { ...schedule, interval_unit: 'day' } })).status).toBe(400);
  at.decline({ code: 'ADMIN' });
  expect((await create('d')).body).toMatchObject({ recurring_transfer: null, decision: 'declined', decision_rationale: { code: 'ADMIN' } });
  at.decline(null);
  expect((await say('/transfer/recurring/cancel', { recurring_transfer_id: made.recurring_transfer_id })).status).toBe(200);
  expect((await ask('/transfer/recurring/get', { recurring_transfer_id: made.recurring_transfer_id })).recurring_transfer).toMatchObject({ status: 'cancelled', next_origination_date: null });
  expect((await ask('/transfer/recurring/list')).recurring_transfers).toHaveLength(2);
});

it('a call that names its object alone is told with the people and the amount of it', async () => {
  const made = await transfer();
  const seen = { recipients: [{ address: 'ann@customer.example', kind: 'email', role: 'user' }], amount: { minor: '10000' } };
  expect(await at.recalled(made.request)).toMatchObject({ effects: [{ ...seen, movesMoney: true }] });
  const refund = await say('/transfer/refund/create', { transfer_id: made.body.transfer.id, amount: '1.00', idempotency_key: 'a' });
  expect(await at.recalled(refund.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '100' }, keys: [{ name: 'order_id', value: '1' }] }] });
  const cancelled = await say('/transfer/refund/cancel', { refund_id: refund.body.refund.id });
  expect(await at.recalled(cancelled.request)).toMatchObject({ effects: [{ recipients: seen.recipients, amount: { minor: '100' } }] });
});

it.each([['/transfer/get', 'transfer_id'], ['/transfer/cancel', 'transfer_id'], ['/transfer/refund/get', 'refund_id'], ['/transfer/sweep/get', 'sweep_id'], ['/transfer/recurring/get', 'recurring_transfer_id'], ['/transfer/intent/get', 'transfer_intent_id'], ['/payment_initiation/payment/get', 'payment_id'], ['/payment_initiation/recipient/get', 'recipient_id']])('%s of nobody is Plaid\'s 404', async (path, name) => {
  expect(await say(path, { [name]: 'nobody' })).toMatchObject({ status: 404, body: { error_code: 'NOT_FOUND', request_id: expect.any(String) } });
  expect((await say(path)).status).toBe(path === '/transfer/get' ? 404 : 400);
});

it('nobody without keys is served, nor with two', async () => {
  expect(await teller(plaid, 'sandbox.plaid.com', []).say('POST', '/transfer/list', {})).toMatchObject({ status: 400, body: { error_code: 'MISSING_FIELDS' } });
  expect((await say('/transfer/list', { client_id: 'another' })).status).toBe(400);
  expect((await teller(plaid, 'sandbox.plaid.com', []).say('POST', '/transfer/list', { client_id: 'x', secret: 'y' })).status).toBe(200);
});

it('what is seeded is there as if it had been made', async () => {
  at.seed('transfer', 't1', { amount: '5.00', type: 'debit', status: 'settled' });
  expect((await ask('/transfer/get', { transfer_id: 't1' })).transfer).toMatchObject({ amount: '5.00', status: 'settled' });
  at.seed('payment', 'p1', { amount: { currency: 'GBP', value: 1.5 } });
  expect((await ask('/payment_initiation/payment/get', { payment_id: 'p1' })).status).toBe('PAYMENT_STATUS_EXECUTED');
  expect(() => plaid.seed('transfer', 't', { amount: 5, type: 'debit' })).toThrow("decimal text: '12.34'");
  expect(() => plaid.seed('item', 'item-1', {})).toThrow('its access token');
  expect(() => plaid.seed('wallet', 'w', {})).toThrow('it has item, transfer, payment, recipient');
});
