import { beforeEach, describe, expect, it } from 'vitest';
import { gocardless } from '../../src/providers/gocardless/index.ts';
import { memory } from '../support/simulation-context.ts';
import { teller } from '../support/teller.ts';

const headers = [['Authorization', 'Bearer sandbox_FAKE'], ['GoCardless-Version', '2015-07-06']] as const;
const caller = (host = 'api-sandbox.gocardless.com', by = headers) => teller(gocardless, host, by);
let at: ReturnType<typeof caller>;
beforeEach(() => { at = caller(); });

const account = { account_number: '55779911', branch_code: '200000', account_holder_name: 'Ann Example', country_code: 'GB' };
async function mandate(more: object = {}, scheme: object = {}) {
  const customer = (await at.say('POST', '/customers', { customers: { email: 'ann@customer.example', given_name: 'Ann' } })).body.customers;
  const bank = (await at.say('POST', '/customer_bank_accounts', { customer_bank_accounts: { ...account, ...more, links: { customer: customer.id } } })).body.customer_bank_accounts;
  return at.say('POST', '/mandates', { mandates: { ...scheme, links: { customer_bank_account: bank.id } } });
}
const payment = (link: string, more: object = {}) => at.say('POST', '/payments', { payments: { amount: 1050, currency: 'GBP', links: { mandate: link }, metadata: { order: '7' }, ...more } });
const paying = async (more: object = {}) => payment((await mandate()).body.mandates.id as string, more);
const read = async (path: string, name: string) => (await at.say('GET', path)).body[name];
/** the events of the last webhook: 'payments.created' */
const told = () => (JSON.parse(at.callbacks.at(-1)?.body ?? '{"events":[]}') as { events: { resource_type: string; action: string; links: Record<string, string>; details: Record<string, unknown>; resource_metadata: unknown }[] }).events;
const names = () => told().map(({ resource_type, action }) => `${resource_type}.${action}`);

describe('a payment', () => {
  it('is on its way until banks and time have done their part', async () => {
    const made = await paying();
    expect([made.status, made.body.payments]).toMatchObject([201, { status: 'pending_submission', amount: 1050, amount_refunded: 0, scheme: 'bacs', charge_date: '2026-11-27' }]);
    expect(told()).toMatchObject([{ resource_type: 'payments', action: 'created', links: { payment: made.body.payments.id }, details: { origin: 'api', cause: 'payment_created' }, resource_metadata: { order: '7' } }]);
    for (const state of ['submitted', 'confirmed']) {
      await at.happen(`payments.${state}`, made);
      expect([(await read(`/payments/${made.body.payments.id}`, 'payments')).status, names()]).toEqual([state, [`payments.${state}`]]);
    }
    expect(await at.happen('payments.submitted', made)).toEqual([]);
  });

  it('that is paid out comes with its payout, both told in one webhook', async () => {
    const made = await paying();
    const drafts = await at.happen('payments.paid_out', made);
    expect([drafts.length, names()]).toEqual([1, ['payments.paid_out', 'payouts.paid']]);
    const after = await read(`/payments/${made.body.payments.id}`, 'payments');
    expect(after.status).toBe('paid_out');
    expect(await read(`/payouts/${after.links.payout}`, 'payouts')).toMatchObject({ amount: 1050, currency: 'GBP', status: 'paid' });
    expect(await read('/payouts', 'payouts')).toHaveLength(1);
    const event = told()[0] as unknown as { id: string };
    expect(await read(`/events/${event.id}`, 'events')).toMatchObject({ action: 'paid_out', links: { payout: after.links.payout } });
  });

  it('fails with the bank\'s cause, late too, and can be tried again then only', async () => {
    const made = await paying();
    const retry = `/payments/${made.body.payments.id}/actions/retry`;
    expect((await at.say('POST', retry, { data: {} })).body.error.errors[0].reason).toBe('retry_failed');
    await at.happen('payments.paid_out', made);
    await at.happen('payments.failed', made, { detail: 'refer_to_payer' });
    expect(told()).toMatchObject([{ action: 'failed', details: { origin: 'bank', cause: 'refer_to_payer', scheme: 'bacs', will_attempt_retry: false } }]);
    expect((await at.say('POST', retry, { data: {} })).body.payments.status).toBe('pending_submission');
    expect(names()).toEqual(['payments.resubmission_requested']);
  });

  it.each([[null, 'insufficient_funds'], ['bank_account_closed', 'bank_account_closed']])('that a rule declines (%s) is taken, and fails with %s', async (code, cause) => {
    const { id } = (await mandate()).body.mandates;
    at.decline({ code });
    const made = await payment(id);
    expect([made.status, made.body.payments.status]).toEqual([201, 'pending_submission']);
    expect([names(), told()[2]?.details['cause']]).toEqual([['payments.created', 'payments.submitted', 'payments.failed'], cause]);
    expect((await read(`/payments/${made.body.payments.id}`, 'payments')).status).toBe('failed');
    await at.say('POST', `/payments/${made.body.payments.id}/actions/retry`, { data: {} });
    expect(names().at(-1)).toBe('payments.failed');
  });

  it('is cancelled before it is submitted only', async () => {
    const [early, late] = [await paying(), await paying()];
    expect((await at.say('POST', `/payments/${early.body.payments.id}/actions/cancel`, { data: {} })).body.payments.status).toBe('cancelled');
    await at.happen('payments.submitted', late);
    expect(await at.say('POST', `/payments/${late.body.payments.id}/actions/cancel`)).toMatchObject({ status: 422, body: { error: { type: 'invalid_state', errors: [{ reason: 'cancellation_failed' }] } } });
  });

  it('is charged back once it was confirmed', async () => {
    const made = await paying();
    expect(await at.happen('payments.charged_back', made)).toEqual([]);
    await at.happen('payments.confirmed', made);
    await at.happen('payments.charged_back', made);
    expect((await read(`/payments/${made.body.payments.id}`, 'payments')).status).toBe('charged_back');
  });

  it.each<[string, object, string]>([
    ['nothing', { amount: 0 }, 'amount'], ['no amount', { amount: undefined }, 'amount'], ['a part of a penny', { amount: 10.5 }, 'amount'], ['less than nothing', { amount: -5 }, 'amount'], ['a currency it has not', { currency: 'JPY' }, 'currency'],
    ['another currency than its mandate', { currency: 'EUR' }, 'currency'], ['a date that has passed', { charge_date: '2026-11-20' }, 'charge_date'], ['no date', { charge_date: 'soon' }, 'charge_date'], ['no mandate', { links: {} }, 'mandate'],
  ])('is refused with %s', async (_, more, where) => {
    const made = await paying(more);
    expect(made).toMatchObject({ status: 422, body: { error: { type: 'validation_failed', code: 422, errors: [{ field: where, request_pointer: `/payments/${where === 'mandate' ? 'links/' : ''}${where}` }] } } });
  });

  it('is made once for one Idempotency-Key, and named to whoever asks again', async () => {
    const { id } = (await mandate()).body.mandates;
    const key = [['Idempotency-Key', 'k']] as const;
    const body = { payments: { amount: 1, currency: 'GBP', links: { mandate: id } } };
    const first = (await at.say('POST', '/payments', body, key)).body.payments;
    expect(await at.say('POST', '/payments', body, key)).toMatchObject({ status: 409, body: { error: { type: 'invalid_state', errors: [{ reason: 'idempotent_creation_conflict', links: { conflicting_resource_id: first.id } }] } } });
    expect((await at.say('POST', '/customers', { customers: {} }, key)).status).toBe(201);
    expect((await at.say('GET', '/payments')).body.payments).toHaveLength(1);
  });

  it('is listed newest first, cut by cursors both ways, and filtered', async () => {
    const link = (await mandate()).body.mandates;
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await payment(link.id)).body.payments.id as string);
    const page = async (query: string) => (await at.say('GET', `/payments?${query}`)).body;
    const first = await page('limit=2');
    expect(first.meta).toEqual({ limit: 2, cursors: { before: null, after: ids[1] } });
    const second = await page(`limit=2&after=${ids[1]}`);
    expect([second.payments.map(({ id }: { id: string }) => id), second.meta.cursors]).toEqual([ids.slice(2, 4), { before: ids[2], after: ids[3] }]);
    expect((await page(`limit=2&before=${ids[2]}`)).payments.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect((await page(`limit=2&after=${ids[3]}`)).meta.cursors).toEqual({ before: ids[4], after: null });
    await at.say('POST', `/payments/${ids[0]}/actions/cancel`);
    expect((await page('status=cancelled')).payments).toHaveLength(1);
    expect((await page(`customer=${link.links.customer}&mandate=${link.id}`)).payments).toHaveLength(5);
    expect((await page('customer=CUnobody')).payments).toEqual([]);
    expect((await page('created_at[gt]=2026-11-22T00:00:00Z')).payments).toEqual([]);
    expect((await page('colour=red')).error.errors[0].reason).toBe('invalid_filters');
    expect((await page('limit=501')).error.errors[0].field).toBe('limit');
  });
});

describe('a refund', () => {
  it('is of what was confirmed, agrees with the total, and is never more than was paid', async () => {
    const made = await paying();
    const refund = (amount: number, total?: number) => at.say('POST', '/refunds', { refunds: { amount, ...(total === undefined ? {} : { total_amount_confirmation: total }), links: { payment: made.body.payments.id } } });
    const reason = async (said: ReturnType<typeof refund>) => (await said).body.error.errors[0].reason ?? (await said).body.error.errors[0].field;
    expect(await reason(refund(1))).toBe('refund_payment_invalid_state');
    await at.happen('payments.confirmed', made);
    expect(await reason(refund(100, 50))).toBe('total_amount_confirmation_invalid');
    const first = await refund(1000, 1000);
    expect([first.status, first.body.refunds.status, names()]).toEqual([201, 'created', ['refunds.created']]);
    expect(await reason(refund(50, 50))).toBe('total_amount_confirmation_invalid');
    expect(await reason(refund(51))).toBe('amount');
    expect((await read(`/payments/${made.body.payments.id}`, 'payments')).amount_refunded).toBe(1000);
    await at.happen('refunds.failed', first);
    expect((await read(`/payments/${made.body.payments.id}`, 'payments')).amount_refunded).toBe(0);
    expect((await read(`/refunds/${first.body.refunds.id}`, 'refunds')).status).toBe('bounced');
    for (let n = 0; n < 4; n += 1) await refund(1);
    expect(await reason(refund(1))).toBe('number_of_refunds_exceeded');
  });
});

describe('a mandate', () => {
  it('keeps two digits of its bank account', async () => {
    const made = (await mandate()).body.mandates;
    const bank = await read(`/customer_bank_accounts/${made.links.customer_bank_account}`, 'customer_bank_accounts');
    expect([bank.account_number_ending, bank.currency, JSON.stringify(bank).includes('55779911')]).toEqual(['11', 'GBP', false]);
  });

  it('has the scheme of its account\'s currency', async () => {
    expect((await mandate({ iban: 'FR1420041010050500013M02606', account_number: undefined, country_code: undefined })).body.mandates.scheme).toBe('sepa_core');
  });

  it('that ends takes the payments with it that are not with the bank, and takes no other', async () => {
    const made = await mandate();
    const { id } = made.body.mandates;
    const [waiting, sent] = [await payment(id), await payment(id)];
    await at.happen('payments.submitted', sent);
    expect((await at.say('POST', `/mandates/${id}/actions/cancel`, { data: {} })).body.mandates).toMatchObject({ status: 'cancelled', next_possible_charge_date: null });
    expect(names()).toEqual(['mandates.cancelled', 'payments.cancelled']);
    expect((await read(`/payments/${waiting.body.payments.id}`, 'payments')).status).toBe('cancelled');
    expect((await read(`/payments/${sent.body.payments.id}`, 'payments')).status).toBe('submitted');
    expect((await payment(id)).body.error.errors[0].reason).toBe('mandate_is_inactive');
    expect((await at.say('POST', `/mandates/${id}/actions/cancel`)).body.error.errors[0].reason).toBe('cancellation_failed');
    expect((await at.say('POST', `/mandates/${id}/actions/reinstate`, { data: {} })).body.mandates.status).toBe('pending_submission');
    await at.happen('mandates.active', made);
    expect((await read(`/mandates/${id}`, 'mandates')).status).toBe('active');
  });

  it('is none of a bank account that was disabled', async () => {
    const { customer_bank_account: bank } = (await mandate()).body.mandates.links;
    await at.say('POST', `/customer_bank_accounts/${bank}/actions/disable`, { data: {} });
    expect((await at.say('POST', '/mandates', { mandates: { links: { customer_bank_account: bank } } })).body.error.errors[0].reason).toBe('bank_account_disabled');
  });
});

describe('a billing request', () => {
  const ask = (more: object = { mandate_request: { scheme: 'bacs' }, payment_request: { amount: 999, currency: 'GBP', description: 'First' } }) => at.say('POST', '/billing_requests', { billing_requests: { metadata: { order: '1' }, ...more } });
  const flow = async (request: string, more: object = {}) => (await at.say('POST', '/billing_request_flows', { billing_request_flows: { redirect_uri: 'https://shop.example.test/done?a=b', exit_uri: 'https://shop.example.test/exit', prefilled_customer: { email: 'ann@customer.example' }, links: { billing_request: request }, ...more } })).body.billing_request_flows;

  it('is authorised by its payer on our page, and everything that comes of it is told at once', async () => {
    const { id } = (await ask()).body.billing_requests;
    const { id: flowId, authorisation_url: url } = await flow(id);
    expect(await at.visit(url)).toMatchObject({ amount: { minor: '999', currency: 'GBP' }, payer: 'ann@customer.example', choices: ['pay', 'decline', 'cancel'], status: null });
    expect((await at.choose(url, 'pay'))?.goTo).toBe(`https://shop.example.test/done?a=b&outcome=success&id=${flowId}`);
    expect(names()).toEqual(['billing_requests.collect_customer_details', 'billing_requests.collect_bank_account', 'billing_requests.payer_details_confirmed', 'billing_requests.fulfilled', 'mandates.created', 'payments.created']);
    const after = await read(`/billing_requests/${id}`, 'billing_requests');
    expect(after).toMatchObject({ status: 'fulfilled', resources: { customer: { email: 'ann@customer.example' }, customer_bank_account: { account_number_ending: '11' } } });
    expect(after).not.toHaveProperty('done');
    expect(await read(`/payments/${after.links.payment_request_payment}`, 'payments')).toMatchObject({ amount: 999, links: { mandate: after.links.mandate_request_mandate } });
    expect(await at.visit(url)).toMatchObject({ choices: [], status: 'This billing request is fulfilled.', back: `https://shop.example.test/done?a=b&outcome=success&id=${flowId}` });
  });

  it('is denied, or left, and can be authorised after all', async () => {
    const { id } = (await ask()).body.billing_requests;
    const { id: flowId, authorisation_url: url } = await flow(id);
    expect((await at.choose(url, 'decline'))?.goTo).toBe(`https://shop.example.test/done?a=b&outcome=failure&id=${flowId}`);
    expect(names()).toEqual(['billing_requests.bank_authorisation_denied']);
    expect((await at.choose(url, 'cancel'))?.goTo).toBe('https://shop.example.test/exit');
    expect((await at.visit(url))?.choices).toContain('pay');
    expect((await read(`/billing_requests/${id}`, 'billing_requests')).status).toBe('pending');
    await at.say('POST', `/billing_requests/${id}/actions/cancel`, { data: {} });
    expect(await at.visit(url)).toMatchObject({ choices: [], back: 'https://shop.example.test/exit' });
  });

  it('for a mandate alone has nothing to decline', async () => {
    const { id } = (await ask({ mandate_request: { scheme: 'bacs' } })).body.billing_requests;
    expect((await at.visit((await flow(id, { exit_uri: undefined })).authorisation_url))?.choices).toEqual(['pay']);
  });

  it('is completed step by step by the API', async () => {
    const { id } = (await ask()).body.billing_requests;
    const act = (name: string, data: object = {}) => at.say('POST', `/billing_requests/${id}/actions/${name}`, { data });
    expect((await act('fulfil')).body.error.type).toBe('invalid_state');
    expect((await act('confirm_payer_details')).body.error.type).toBe('invalid_state');
    await act('collect_customer_details', { customer: { email: 'ann@customer.example' }, customer_billing_detail: { city: 'London' } });
    await act('collect_bank_account', account);
    expect((await act('confirm_payer_details')).body.billing_requests.status).toBe('ready_to_fulfil');
    const done = (await act('fulfil')).body.billing_requests;
    expect(done).toMatchObject({ status: 'fulfilled', resources: { customer_billing_detail: { city: 'London' } } });
    expect((await act('cancel')).body.error.type).toBe('invalid_state');
  });

  it('that is fulfilled under a rule that declines has a payment that fails', async () => {
    const { id } = (await ask()).body.billing_requests;
    const act = (name: string, data: object = {}) => at.say('POST', `/billing_requests/${id}/actions/${name}`, { data });
    await act('collect_customer_details', { customer: { email: 'ann@customer.example' } });
    await act('collect_bank_account', account);
    await act('confirm_payer_details');
    at.decline({ code: 'bank_account_closed' });
    const done = (await act('fulfil')).body.billing_requests;
    expect(done.status).toBe('fulfilled');
    expect((await read(`/payments/${done.payment_request.links.payment}`, 'payments')).status).toBe('failed');
    expect(names().slice(-3)).toEqual(['payments.created', 'payments.submitted', 'payments.failed']);
    expect(told().at(-1)?.details['cause']).toBe('bank_account_closed');
  });

  it('is fulfilled later where nobody looks at a page', async () => {
    const made = await ask();
    const flowed = await at.say('POST', '/billing_request_flows', { billing_request_flows: { links: { billing_request: made.body.billing_requests.id } } });
    await at.happen('billing_requests.fulfilled', flowed);
    expect((await read(`/billing_requests/${made.body.billing_requests.id}`, 'billing_requests')).status).toBe('fulfilled');
    expect(await at.happen('billing_requests.fulfilled', made)).toEqual([]);
    await at.happen('payments.confirmed', made);
    expect(names()).toEqual(['payments.confirmed']);
  });

  it('reaches its payer by mail when it is told to', async () => {
    const { id } = (await ask()).body.billing_requests;
    await at.say('POST', `/billing_requests/${id}/actions/collect_customer_details`, { data: { customer: { email: 'ann@customer.example' } } });
    const notified = await at.say('POST', `/billing_requests/${id}/actions/notify`, { data: { notification_type: 'email' } });
    expect(await at.recalled(notified.request)).toMatchObject({ effects: [{ recipients: [{ address: id, kind: 'audience' }, { address: 'ann@customer.example', kind: 'email', role: 'customer' }] }] });
  });
});

describe('a redirect flow', () => {
  const start = () => at.say('POST', '/redirect_flows', { redirect_flows: { session_token: 'SESS_secret', success_redirect_url: 'https://shop.example.test/done', prefilled_customer: { email: 'ann@customer.example' } } });
  const complete = (id: string, token = 'SESS_secret') => at.say('POST', `/redirect_flows/${id}/actions/complete`, { data: { session_token: token } });

  it('becomes a mandate once its payer was at our page, for whoever has the session token', async () => {
    const { id, redirect_url: url } = (await start()).body.redirect_flows;
    const reason = async (said: ReturnType<typeof complete>) => (await said).body.error.errors[0].reason;
    expect(await reason(complete(id))).toBe('redirect_flow_incomplete');
    expect((await at.choose(url, 'pay'))?.goTo).toBe(`https://shop.example.test/done?redirect_flow_id=${id}`);
    expect(await at.visit(url)).toMatchObject({ choices: [], back: `https://shop.example.test/done?redirect_flow_id=${id}` });
    expect(await reason(complete(id, 'another'))).toBe('bad_request');
    const { links } = (await complete(id)).body.redirect_flows;
    expect((await payment(links.mandate)).status).toBe(201);
    expect((await read(`/customers/${links.customer}`, 'customers')).email).toBe('ann@customer.example');
    expect(await reason(complete(id))).toBe('redirect_flow_already_completed');
    expect((await at.visit(url))?.status).toBe('This mandate was set up.');
  });

  it('keeps no session token', async () => {
    const { id } = (await start()).body.redirect_flows;
    expect(JSON.stringify(await at.say('GET', `/redirect_flows/${id}`))).not.toContain('SESS_secret');
  });
});

it('the sandbox\'s scenario simulators let the same things happen', async () => {
  const made = await paying();
  const run = (name: string) => at.say('POST', `/scenario_simulators/${name}/actions/run`, { data: { links: { resource: made.body.payments.id } } });
  expect((await run('payment_paid_out')).body).toEqual({ scenario_simulators: { id: 'payment_paid_out' } });
  expect(names()).toEqual(['payments.paid_out', 'payouts.paid']);
  expect((await run('payment_confirmed')).status).toBe(422);
});

it('a payment and its refund are told with the payer and the keys that are remembered', async () => {
  const made = await paying();
  await at.happen('payments.confirmed', made);
  const ann = { address: 'ann@customer.example', kind: 'email', role: 'customer' };
  expect(await at.recalled(made.request)).toMatchObject({ effects: [{ recipients: [ann], amount: { minor: '1050' }, keys: [{ name: 'order', value: '7' }] }] });
  const refund = await at.say('POST', '/refunds', { refunds: { amount: 5, links: { payment: made.body.payments.id } } });
  expect(await at.recalled(refund.request)).toMatchObject({ effects: [{ recipients: [ann], amount: { minor: '5', currency: 'GBP' }, keys: [{ name: 'order', value: '7' }] }] });
});

it.each(['/payments/PMnobody', '/customers/CUnobody', '/mandates/MDnobody', '/refunds/RFnobody', '/payouts/POnobody', '/billing_requests/BRQnobody', '/redirect_flows/REnobody', '/customer_bank_accounts/BAnobody', '/events/EVnobody', '/creditors/CRnobody'])('%s is GoCardless\'s 404', async (path) => {
  expect(await at.say('GET', path)).toMatchObject({ status: 404, body: { error: { message: 'Resource not found', type: 'invalid_api_usage', code: 404, errors: [{ reason: 'resource_not_found' }] } } });
});

it.each<[string, readonly (readonly [string, string])[], string, number]>([
  ['without a token', [headers[1]], 'missing_authorization_header', 401], ['without a version', [headers[0]], 'missing_version_header', 400],
  ['of a version that is none', [headers[0], ['GoCardless-Version', '2014-01-01']], 'version_not_found', 400], ['with a live token in the sandbox', [['Authorization', 'Bearer live_FAKE'], headers[1]], 'access_token_not_found', 401],
])('a call %s is refused', async (_, by, reason, status) => {
  expect(await caller(undefined, by as typeof headers).say('GET', '/payments')).toMatchObject({ status, body: { error: { errors: [{ reason }] } } });
});

describe('ids of a restored database', () => {
  it('are made up where they are adopted', async () => {
    const body = Buffer.from(JSON.stringify({ payments: { amount: 5, currency: 'EUR', links: { mandate: 'MDold' } } }));
    const request = { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.gocardless.com', port: 443 }, path: '/payments', query: null, version: '1.1', headers: [['Authorization', 'Bearer live_FAKE'], ['GoCardless-Version', '2015-07-06'], ['Content-Type', 'application/json']], trailers: [], body } as const;
    const [adopted, not] = await Promise.all((['adopt', 'not-found'] as const).map((unknownIds) => gocardless.simulate(request, gocardless.decode(request), memory().context({ unknownIds }))));
    expect([adopted!.reply.status, not!.reply.status]).toEqual([201, 404]);
    expect(adopted!.remember?.find(({ kind }) => kind === 'mandate')?.value).toMatchObject({ id: 'MDold', scheme: 'sepa_core', status: 'active' });
  });

  it('can be seeded', async () => {
    at.seed('customer', 'CU1', { email: 'ann@customer.example' });
    at.seed('mandate', 'MD1', { links: { customer: 'CU1' } });
    at.seed('payment', 'PM1', { amount: 100, currency: 'GBP', links: { mandate: 'MD1' } });
    expect((await payment('MD1')).status).toBe(201);
    expect((await at.say('POST', '/refunds', { refunds: { amount: 100, links: { payment: 'PM1' } } })).status).toBe(201);
    expect((await read('/mandates?customer=CU1', 'mandates'))[0].id).toBe('MD1');
  });

  it.each<[string, string, unknown, RegExp]>([
    ['subscription', 'SB1', {}, /one of customer, /], ['payment', 'MD1', {}, /PM and letters/], ['payment', 'PM1', 'x', /an object/], ['payment', 'PM1', { amount: '1.5', currency: 'GBP', links: { mandate: 'MD1' } }, /whole minor units/],
    ['payment', 'PM1', { amount: 1, currency: 'JPY', links: { mandate: 'MD1' } }, /one of AUD/], ['mandate', 'MD1', {}, /links\.customer/], ['mandate', 'MD1', { scheme: 'x', links: { customer: 'CU1' } }, /one of becs/],
    ['customer', 'CU1', { mail: 'a' }, /has no field 'mail'/], ['customer_bank_account', 'BA1', { account_number: '55779911', links: { customer: 'CU1' } }, /last two digits/],
  ])('but not a wrong %s', (kind, id, value, says) => {
    expect(() => gocardless.seed(kind, id, value)).toThrow(says);
  });
});
