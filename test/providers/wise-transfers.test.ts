import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { refusal } from '../../src/providers/wise/funding.ts';
import type { Work } from '../../src/providers/wise/operation.ts';
import type { Transfer } from '../../src/providers/wise/transfer.ts';
import { openLedger } from '../../src/providers/wire/ledger.ts';
import { fromSource, fromTarget } from '../../src/providers/wise/rate.ts';
import { wise } from '../../src/providers/wise/index.ts';
import { memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';
import type { Spoken } from '../support/teller.ts';

let at: ReturnType<typeof teller>;
beforeEach(() => { at = teller(wise, 'api.wise-sandbox.com', [['Authorization', 'Bearer fake']]); });

const p = 30_000_000;
const quote = async (more: object = {}) => at.say('POST', `/v3/profiles/${p}/quotes`, { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceAmount: 100.5, ...more });
const account = async (more: object = {}) => at.say('POST', '/v1/accounts', { currency: 'EUR', type: 'iban', profile: p, accountHolderName: 'Ann Customer', details: { legalType: 'PRIVATE', IBAN: 'DE89370400440532013000', email: 'ann@customer.example' }, ...more });
const transfer = async (more: object = {}, by: object = {}) => at.say('POST', '/v1/transfers', { targetAccount: (await account()).body.id, quoteUuid: (await quote(by)).body.id, customerTransactionId: randomUUID(), details: { reference: 'order 1' }, ...more });
const fund = ({ body: { id } }: Spoken) => at.say('POST', `/v3/profiles/${p}/transfers/${id}/payments`, { type: 'BALANCE' });
const read = async ({ body: { id } }: Spoken) => (await at.say('GET', `/v1/transfers/${id}`)).body;
const balance = async (currency: string) => (await at.say('GET', `/v4/profiles/${p}/balances?types=STANDARD`)).body.find((each: { currency: string }) => each.currency === currency);
const value = async (currency: string) => (await balance(currency)).amount.value as number;
const simulate = (made: Spoken, state: string) => at.say('GET', `/v1/simulation/transfers/${made.body.id}/${state}`);
const told = () => at.callbacks.map(({ target, body }) => [target, JSON.parse(body).data.previous_state, JSON.parse(body).data.current_state]);

describe('a quote', () => {
  it.each<[string, { minor: string; exponent: number; currency: string }, string, string, string]>([
    ['pounds to euros', { minor: '10050', exponent: 2, currency: 'GBP' }, 'EUR', '11774', '42'],
    ['euros to yen', { minor: '10000', exponent: 2, currency: 'EUR' }, 'JPY', '15934', '41'],
    ['yen to dinars', { minor: '1000', exponent: 0, currency: 'JPY' }, 'KWD', '6218', '5'],
    ['euros to euros', { minor: '1', exponent: 2, currency: 'EUR' }, 'EUR', '1', '0'],
  ])('converts %s exactly, less the fee', (_, source, currency, target, fee) => {
    const converted = fromSource(source, currency);
    expect([converted.target.minor, converted.fee.minor, converted.source]).toEqual([target, fee, source]);
  });

  it('asks for enough that what is wanted arrives', () => {
    const { source, target, fee } = fromTarget({ minor: '5000', exponent: 0, currency: 'JPY' }, 'GBP');
    expect(target.minor).toBe('5000');
    expect(BigInt(fromSource(source, 'JPY').target.minor)).toBeGreaterThanOrEqual(5000n);
    expect(BigInt(fee.minor)).toBeGreaterThan(0n);
  });

  it('says the side that was given, and keeps its rate for half an hour', async () => {
    const made = await quote();
    expect(made).toMatchObject({ status: 200, body: { sourceAmount: 100.5, targetAmount: null, providedAmountType: 'SOURCE', rate: 1.17647, profile: p, paymentOptions: [{ payIn: 'BALANCE', sourceAmount: 100.5, targetAmount: 117.74, fee: { total: 0.42 } }, { payIn: 'BANK_TRANSFER' }] } });
    expect((await quote({ sourceAmount: undefined, targetAmount: 20 })).body).toMatchObject({ sourceAmount: null, targetAmount: 20, providedAmountType: 'TARGET' });
    expect((await at.say('PATCH', `/v3/profiles/${p}/quotes/${made.body.id}`, { targetAccount: 1234 })).body.targetAccount).toBe(1234);
    expect((await at.say('GET', `/v3/profiles/1/quotes/${made.body.id}`)).status).toBe(404);
    const { body: { id } } = await account();
    at.pass(30 * 60_000);
    expect(await at.say('POST', '/v1/transfers', { targetAccount: id, quoteUuid: made.body.id, customerTransactionId: randomUUID(), details: {} })).toMatchObject({ status: 422, body: { errors: [{ path: 'quoteUuid', message: 'The quote has expired' }] } });
  });

  it.each<[string, object, string]>([
    ['both amounts', { targetAmount: 1 }, 'sourceAmount'], ['no amount', { sourceAmount: undefined }, 'sourceAmount'], ['nothing', { sourceAmount: 0 }, 'sourceAmount'], ['too fine an amount', { sourceAmount: 1.001 }, 'sourceAmount'],
    ['what no double holds', { sourceAmount: 0.1 + 0.2 }, 'sourceAmount'], ['no currency', { sourceCurrency: 'pounds' }, 'sourceCurrency'],
  ])('is refused with %s', async (_, more, path) => {
    expect(await quote(more)).toMatchObject({ status: 422, body: { errors: [{ code: 'NOT_VALID', path }] } });
  });
});

describe('a transfer', () => {
  it('waits to be paid for, goes from state to state, and comes back', async () => {
    const made = await transfer();
    expect(made.body).toMatchObject({ status: 'incoming_payment_waiting', sourceValue: 100.5, targetValue: 117.74, created: '2026-11-21 09:00:00', reference: 'order 1' });
    expect((await fund(made)).body).toMatchObject({ status: 'COMPLETED', errorCode: null });
    expect(await value('GBP')).toBe(99_899.5);
    expect((await fund(made)).body).toMatchObject({ status: 'REJECTED', errorCode: 'balance.payment-option-unavailable' });
    for (const state of ['processing', 'funds_converted', 'outgoing_payment_sent', 'bounced_back']) expect((await simulate(made, state)).body.status).toBe(state);
    expect((await simulate(made, 'outgoing_payment_sent')).status).toBe(409);
    await at.happen('funds_refunded', made);
    expect(await value('GBP')).toBe(100_000);
    expect(told()).toEqual([
      ['wise', null, 'incoming_payment_waiting'], ['wise', 'incoming_payment_waiting', 'processing'], ['wise', 'processing', 'funds_converted'], ['wise', 'funds_converted', 'outgoing_payment_sent'], ['wise', 'outgoing_payment_sent', 'bounced_back'], ['wise', 'bounced_back', 'funds_refunded'],
    ]);
    expect(JSON.parse(at.callbacks[0]!.body)).toMatchObject({ event_type: 'transfers#state-change', schema_version: '2.0.0', data: { resource: { type: 'transfer', id: made.body.id, profile_id: p } } });
  });

  it('is made once for one customerTransactionId', async () => {
    const customerTransactionId = randomUUID();
    const first = await transfer({ customerTransactionId });
    expect((await transfer({ customerTransactionId })).body.id).toBe(first.body.id);
    expect(at.callbacks).toHaveLength(1);
  });

  it('is cancelled until it is sent, and its money comes back', async () => {
    const [waiting, paid, sent] = [await transfer(), await transfer(), await transfer()];
    await fund(paid);
    await fund(sent);
    for (const state of ['funds_converted', 'outgoing_payment_sent']) await at.happen(state, sent);
    for (const made of [waiting, paid]) expect((await at.say('PUT', `/v1/transfers/${made.body.id}/cancel`)).body.status).toBe('cancelled');
    expect(await value('GBP')).toBe(99_899.5);
    expect((await at.say('PUT', `/v1/transfers/${sent.body.id}/cancel`)).status).toBe(403);
    expect((await at.say('PUT', `/v1/transfers/${paid.body.id}/cancel`)).status).toBe(403);
    expect(await at.happen('processing', waiting)).toEqual([]);
  });

  it('is not paid for by what is not there', async () => {
    expect((await fund(await transfer({}, { sourceAmount: 100_000.01 }))).body).toMatchObject({ status: 'REJECTED', errorCode: 'transfer.insufficient_funds' });
    const dollars = await transfer({}, { sourceCurrency: 'CHF' });
    expect((await fund(dollars)).body.errorCode).toBe('balance.payment-option-unavailable');
    expect((await read(dollars)).status).toBe('incoming_payment_waiting');
  });

  it('is paid for by its own profile alone, from a balance', async () => {
    const { body: { id } } = await transfer();
    expect((await at.say('POST', `/v3/profiles/1/transfers/${id}/payments`, { type: 'BALANCE' })).status).toBe(404);
    expect((await at.say('POST', `/v3/profiles/${p}/transfers/${id}/payments`, { type: 'CARD' })).body.errors[0].path).toBe('type');
    expect(await value('GBP')).toBe(100_000);
  });

  it.each(wise.declines)('is declined with %s when that is said', async (code) => {
    const made = await transfer();
    at.decline({ code });
    expect(await fund(made)).toMatchObject({ status: 201, body: { status: 'REJECTED', errorCode: code } });
    expect(await value('GBP')).toBe(100_000);
  });

  it('is listed by profile and status', async () => {
    const [first, second, third] = [await transfer(), await transfer(), await transfer()];
    await fund(second);
    const list = async (query: string) => (await at.say('GET', `/v1/transfers?${query}`)).body.map(({ id }: { id: number }) => id) as number[];
    expect(await list(`profile=${p}&limit=2`)).toEqual([third.body.id, second.body.id]);
    expect(await list(`profile=${p}&limit=2&offset=2`)).toEqual([first.body.id]);
    expect(await list('status=processing')).toEqual([second.body.id]);
    expect(await list('profile=1')).toEqual([]);
  });

  it('is listed by when it was made, to the millisecond or the day', async () => {
    const first = await transfer();
    at.pass(24 * 3600_000);
    const second = await transfer();
    const list = async (query: string) => (await at.say('GET', `/v1/transfers?${query}`)).body.map(({ id }: { id: number }) => id) as number[];
    expect(await list('createdDateStart=2026-11-21T09:00:00.250Z')).toEqual([second.body.id, first.body.id]);
    expect(await list('createdDateStart=2026-11-21T09:00:00.251Z')).toEqual([second.body.id]);
    expect(await list('createdDateEnd=2026-11-22T09:00:00.249Z')).toEqual([first.body.id]);
    expect(await list('createdDateStart=2026-11-22&createdDateEnd=2026-11-22')).toEqual([second.body.id]);
  });

  it.each([
    ['limit=1000', 'limit'], ['offset=-1', 'offset'], ['offset=x', 'offset'], ['createdDateStart=yesterday', 'createdDateStart'], ['createdDateEnd=1', 'createdDateEnd'], ['targetAccount=1', 'targetAccount'], ['status=processing&status=cancelled', 'status'],
  ])('is not listed by what is not understood: %s', async (query, path) => {
    expect(await at.say('GET', `/v1/transfers?${query}`)).toMatchObject({ status: 422, body: { errors: [{ code: 'NOT_VALID', path }] } });
  });

  it.each<[string, object, string]>([['no uuid', { customerTransactionId: 'x' }, 'customerTransactionId'], ['no quote', { quoteUuid: undefined }, 'quoteUuid'], ['no recipient', { targetAccount: undefined }, 'targetAccount']])('is refused with %s', async (_, more, path) => {
    expect(await transfer(more)).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  it('goes to nobody who cannot have the currency, nor to who was deleted', async () => {
    const [pounds, gone] = [(await account({ currency: 'GBP' })).body.id, (await account()).body.id];
    expect((await at.say('DELETE', `/v2/accounts/${gone}`)).body.active).toBe(false);
    for (const targetAccount of [pounds, gone]) expect((await transfer({ targetAccount })).body.errors[0].path).toBe('targetAccount');
    expect((await transfer({ targetAccount: 1 })).status).toBe(404);
  });

  it('is told with whom it is for, and how much', async () => {
    const made = await transfer();
    const paid = await fund(made);
    const seen = { recipients: [{ address: 'ann@customer.example', kind: 'email', role: 'recipient' }], customer: 'Ann Customer' };
    expect(await at.recalled(made.request)).toMatchObject({ effects: [seen] });
    expect(await at.recalled(paid.request)).toMatchObject({ effects: [{ ...seen, amount: { minor: '10050', currency: 'GBP' }, description: 'order 1', keys: [{ name: 'customerTransactionId', value: made.body.customerTransactionId }] }] });
  });

  it('of a restored database goes to a recipient that is made up, where that is allowed', async () => {
    const kept = memory();
    const say = async (path: string, body: object) => {
      const request: HttpRequest = { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.wise.com', port: 443 }, path, query: null, version: '1.1', headers: [['Authorization', 'Bearer x'], ['Content-Type', 'application/json']], trailers: [], body: Buffer.from(JSON.stringify(body)) };
      const { reply, remember } = await wise.simulate(request, wise.decode(request), kept.context({ unknownIds: 'adopt' }));
      kept.keep(remember ?? []);
      return JSON.parse(Buffer.from(reply.body).toString());
    };
    const { id } = await say('/v3/profiles/1/quotes', { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceAmount: 1 });
    expect(await say('/v1/transfers', { targetAccount: 77, quoteUuid: id, customerTransactionId: randomUUID(), details: {} })).toMatchObject({ targetAccount: 77, status: 'incoming_payment_waiting' });
  });
});

describe('balances', () => {
  const key = (uuid = randomUUID()) => [['X-idempotence-uuid', uuid]] as const;
  const move = (body: object, by = key()) => at.say('POST', `/v2/profiles/${p}/balance-movements`, body, by);

  it('are converted at the rate of a quote, once for one idempotence key', async () => {
    const { body: { id: quoteId } } = await quote({ payOut: 'BALANCE' });
    const by = key();
    const moved = await move({ quoteId }, by);
    expect(moved).toMatchObject({ status: 201, body: { type: 'CONVERSION', state: 'COMPLETED', sourceAmount: { value: 100.5, currency: 'GBP' }, targetAmount: { value: 117.74, currency: 'EUR' } } });
    expect((await move({ quoteId }, by)).body.id).toBe(moved.body.id);
    expect([await value('GBP'), await value('EUR')]).toEqual([99_899.5, 100_117.74]);
    expect((await move({ quoteId: (await quote()).body.id })).status).toBe(422);
    expect((await at.say('POST', '/v2/profiles/1/balance-movements', { quoteId: (await quote({ payOut: 'BALANCE' })).body.id }, key())).status).toBe(404);
    expect((await move({ quoteId }, [] as never)).body.errors[0].path).toBe('X-idempotence-uuid');
  });

  it('are opened, and money is put aside in them', async () => {
    const open = (body: object) => at.say('POST', `/v4/profiles/${p}/balances`, body, key());
    expect((await open({ currency: 'EUR', type: 'STANDARD' })).status).toBe(422);
    expect((await open({ currency: 'CHF', type: 'STANDARD' })).body).toMatchObject({ currency: 'CHF', amount: { value: 0, currency: 'CHF' } });
    const jar = (await open({ currency: 'EUR', type: 'SAVINGS', name: 'Tax' })).body.id;
    const from = (await balance('EUR')).id;
    expect((await move({ sourceBalanceId: from, targetBalanceId: jar, amount: { value: 10.25, currency: 'EUR' } })).body.balancesAfter).toEqual([{ id: from, value: 99_989.75, currency: 'EUR' }, { id: jar, value: 10.25, currency: 'EUR' }]);
    expect((await move({ sourceBalanceId: jar, targetBalanceId: from, amount: { value: 10.26, currency: 'EUR' } })).status).toBe(422);
    expect((await move({ sourceBalanceId: jar, targetBalanceId: jar, amount: { value: 1, currency: 'EUR' } })).status).toBe(422);
    expect((await at.say('GET', `/v4/profiles/${p}/balances/${jar}`)).body.amount.value).toBe(10.25);
    expect((await at.say('GET', `/v4/profiles/1/balances/${jar}`)).status).toBe(404);
    expect((await at.say('GET', `/v4/profiles/${p}/balances`)).status).toBe(400);
  });

  it('are topped up in the sandbox alone', async () => {
    const { id } = await balance('EUR');
    const topup = { profileId: p, balanceId: id, currency: 'EUR', amount: 0.1, channel: 'TRANSFER' };
    expect((await at.say('POST', '/v1/simulation/balance/topup', topup)).body.balanceAfter.value).toBe(100_000.1);
    expect(at.callbacks.map(({ event }) => event)).toEqual(['balances#credit']);
    expect((await teller(wise, 'api.wise.com', [['Authorization', 'Bearer fake']]).say('POST', '/v1/simulation/balance/topup', topup)).status).toBe(403);
  });
});

describe('a batch group', () => {
  const create = async () => (await at.say('POST', `/v3/profiles/${p}/batch-groups`, { sourceCurrency: 'GBP', name: 'November' })).body;
  const add = async (id: string, by: object = {}) => at.say('POST', `/v3/profiles/${p}/batch-groups/${id}/transfers`, { targetAccount: (await account()).body.id, quoteUuid: (await quote(by)).body.id, customerTransactionId: randomUUID(), details: { reference: 'salary' } });
  const update = (id: string, status: string, version: number) => at.say('PATCH', `/v3/profiles/${p}/batch-groups/${id}`, { status, version });
  const pay = (id: string) => at.say('POST', `/v3/profiles/${p}/batch-payments/${id}/payments`, { type: 'BALANCE' });

  it('is filled, closed and paid for at once', async () => {
    const { id, status } = await create();
    expect(status).toBe('NEW');
    const transfers = [await add(id), await add(id)];
    expect((await add(id, { sourceCurrency: 'USD' })).body.errors[0].path).toBe('quoteUuid');
    expect((await pay(id)).status).toBe(409);
    expect((await update(id, 'COMPLETED', 1)).status).toBe(409);
    expect((await update(id, 'COMPLETED', 2)).body).toMatchObject({ status: 'COMPLETED', version: 3, transferIds: transfers.map(({ body }) => body.id) });
    expect((await add(id)).status).toBe(409);
    const paid = await pay(id);
    expect(paid).toMatchObject({ status: 201, body: { status: 'COMPLETED' } });
    expect(await value('GBP')).toBe(99_799);
    expect(await at.recalled(paid.request)).toMatchObject({ effects: [{ amount: { minor: '20100' }, recipients: [{ address: 'ann@customer.example' }] }] });
    expect((await at.happen('funds_converted', paid)).map(({ event }) => event)).toEqual(['funds_converted', 'funds_converted']);
    expect((await update(id, 'CANCELLED', 3)).status).toBe(409);
  });

  it('takes nothing of another profile, and pays for nothing of it', async () => {
    const { id } = await create();
    const { body: { id: quoteUuid } } = await at.say('POST', '/v3/profiles/2/quotes', { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceAmount: 150_000 });
    const other = await at.say('POST', '/v1/transfers', { targetAccount: (await account()).body.id, quoteUuid, customerTransactionId: randomUUID(), details: {} });
    const take = async (customerTransactionId: string) => at.say('POST', `/v3/profiles/${p}/batch-groups/${id}/transfers`, { targetAccount: (await account()).body.id, quoteUuid, customerTransactionId, details: {} });
    for (const key of [randomUUID(), other.body.customerTransactionId as string]) expect(await take(key)).toMatchObject({ status: 422, body: { errors: [{ path: 'quoteUuid' }] } });
    expect((await at.say('GET', '/v1/transfers?profile=2')).body).toHaveLength(1);
    expect((await update(id, 'COMPLETED', 0)).body).toMatchObject({ status: 'COMPLETED', transferIds: [] });
  });

  it('that costs more than there is pays nobody', async () => {
    const { id } = await create();
    const transfers = [await add(id, { sourceAmount: 60_000 }), await add(id, { sourceAmount: 60_000 })];
    await update(id, 'COMPLETED', 2);
    expect((await pay(id)).body).toMatchObject({ status: 'REJECTED', errorCode: 'transfer.insufficient_funds' });
    expect((await read(transfers[0]!)).status).toBe('incoming_payment_waiting');
    expect((await update(id, 'CANCELLED', 3)).body.status).toBe('CANCELLED');
    expect((await read(transfers[1]!)).status).toBe('cancelled');
  });

  it('is paid for by direct debit, once', async () => {
    const { id } = await create();
    const made = await add(id);
    await update(id, 'COMPLETED', 1);
    const initiate = () => at.say('POST', `/v1/profiles/${p}/batch-groups/${id}/payment-initiations`, { type: 'DIRECT_DEBIT' });
    at.decline({ code: null });
    expect((await initiate()).status).toBe(422);
    at.decline(null);
    const initiation = (await initiate()).body;
    expect((await at.say('GET', `/v1/profiles/${p}/batch-groups/${id}/payment-initiations/${initiation.id}`)).body).toEqual(initiation);
    expect([(await read(made)).status, (await initiate()).status]).toEqual(['processing', 409]);
  });
});

it('every profile pays from a balance of its own', async () => {
  const one: Transfer = { id: '1', profile: '1', account: '1', quote: 'q', source: 'GBP', target: 'EUR', paid: '6000000', arrives: '1', details: {}, customerTransactionId: 'k', status: 'incoming_payment_waiting', paidFrom: null, batch: null, createdMs: 0 };
  const context = memory().context();
  const work = { context, ledger: openLedger(context) } as Work;
  expect(await refusal(work, [one, one])).toBe('transfer.insufficient_funds');
  expect(await refusal(work, [one, { ...one, profile: '2' }])).toBeNull();
  expect(await refusal(work, [{ ...one, profile: '2', paid: '1' }, { ...one, paid: '10000001' }])).toBe('transfer.insufficient_funds');
});

it('tells the subscriptions that were made here', async () => {
  const path = `/v3/profiles/${p}/subscriptions`;
  const { body } = await at.say('POST', path, { name: 'mine', trigger_on: 'transfers#state-change', delivery: { version: '2.0.0', url: 'https://shop.example.test/wise' } });
  await at.say('POST', '/v3/profiles/1/subscriptions', { name: 'others', trigger_on: 'transfers#state-change', delivery: { version: '2.0.0', url: 'https://shop.example.test/other' } });
  await transfer();
  expect(at.callbacks.map(({ target, body: text }) => [target, JSON.parse(text).subscription_id])).toEqual([['https://shop.example.test/wise', body.id]]);
  await at.say('POST', `${path}/${body.id}/test-notifications`);
  expect(at.callbacks.at(-1)!.headers).toContainEqual(['X-Test-Notification', 'true']);
  expect((await at.say('GET', path)).body.map(({ id }: { id: string }) => id)).toEqual([body.id]);
  expect((await at.say('DELETE', `${path}/${body.id}`)).status).toBe(204);
  expect((await at.say('GET', `${path}/${body.id}`)).status).toBe(404);
  expect((await at.say('POST', path, { name: 'x', trigger_on: 'transfers#state-change', delivery: { url: 'https://shop.example.test/?a=b' } })).status).toBe(422);
});

it('a recipient is kept without the number of a card', async () => {
  const made = await account({ type: 'card', details: { cardNumber: '4242424242424242', legalType: 'PRIVATE' } });
  expect(JSON.stringify(made.body)).not.toContain('4242');
  expect((await at.say('GET', `/v1/accounts?profile=${p}&currency=EUR`)).body.map(({ id }: { id: number }) => id)).toEqual([made.body.id]);
  expect((await at.say('GET', '/v2/accounts')).body.content[0]).toMatchObject({ id: made.body.id, name: { fullName: 'Ann Customer' } });
  for (const more of [{ type: '' }, { accountHolderName: undefined }, { details: undefined }, { currency: 'euro' }, { type: 'email', details: { email: 'nobody' } }]) expect((await account(more)).status).toBe(422);
});

it('what is seeded is there as if it had been made', async () => {
  at.seed('account', '40000000', { accountHolderName: 'Old', currency: 'EUR', profile: p, details: { email: 'old@customer.example' } });
  at.seed('transfer', '50000000', { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceValue: 10, targetValue: 11.5, targetAccount: 40_000_000, business: p });
  at.seed('balance', '200009', { amount: { value: 5.5, currency: 'CHF' }, profile: p });
  expect((await at.say('GET', '/v1/accounts/40000000')).body.accountHolderName).toBe('Old');
  expect((await at.say('GET', '/v1/transfers/50000000')).body).toMatchObject({ status: 'outgoing_payment_sent', targetValue: 11.5 });
  expect(await value('CHF')).toBe(5.5);
  expect(() => wise.seed('account', 'x', {})).toThrow('is a number');
  expect(() => wise.seed('transfer', '1', { sourceCurrency: 'GBP', targetCurrency: 'EUR', sourceValue: '10' })).toThrow('are numbers: 10.5');
  expect(() => wise.seed('quote', '1', {})).toThrow('it has account, transfer, balance');
});

it.each(['/v1/transfers/1', '/v1/accounts/1', `/v3/profiles/${p}/quotes/4bb44dd3-10a6-4eeb-a527-35fb2cfe7c2b`, `/v3/profiles/${p}/batch-groups/4bb44dd3-10a6-4eeb-a527-35fb2cfe7c2b`, '/v1/simulation/transfers/1/processing'])('%s of nobody is a 404', async (path) => {
  expect(await at.say('GET', path)).toMatchObject({ status: 404, body: { errors: [{ code: 'NOT_FOUND' }] } });
});

it('profiles and rates are read', async () => {
  const profiles = (await at.say('GET', '/v1/profiles')).body;
  expect(profiles.map(({ type }: { type: string }) => type)).toEqual(['personal', 'business']);
  expect((await at.say('GET', `/v2/profiles/${profiles[0].id}`)).body).toMatchObject({ id: profiles[0].id, type: 'PERSONAL' });
  expect((await at.say('GET', '/v1/rates?source=EUR&target=USD')).body).toEqual([{ rate: 1.1, source: 'EUR', target: 'USD', time: '2026-11-21T09:00:00+0000' }]);
  expect((await at.say('GET', '/v1/rates')).status).toBe(422);
  expect(await teller(wise, 'api.wise.com', []).say('GET', '/v1/profiles')).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
});
