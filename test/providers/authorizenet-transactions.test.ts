import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { CallbackDraft, SimulationContext } from '../../src/model/provider.ts';
import { authorizenet } from '../../src/providers/authorizenet/index.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

const day = 24 * 3600 * 1000;
const authentication = { name: '5KP3u95bQpv', transactionKey: 'FAKEFAKEFAKEFAKE' };
type Facts = Parameters<ReturnType<typeof memory>['context']>[0];

interface Said {
  readonly request: HttpRequest;
  readonly reply: HttpResponse;
  // JSON of any shape, looked at by tests only
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  /** the code of the first message, and of the transaction's first error or message */
  readonly codes: readonly (string | undefined)[];
}

function merchant(host = 'apitest.authorize.net') {
  const kept = memory();
  const callbacks: CallbackDraft[] = [];
  let now = fixedNow;
  let call = 0;
  return {
    kept, callbacks,
    context: (more: Facts = {}): SimulationContext => kept.context({ now, call, ...more }),
    pass(ms: number): void { now += ms; },
    seed(kind: string, id: string, value: unknown): void { kept.keep([{ kind, id, expectVersion: 0, ...authorizenet.seed(kind, id, value) }]); },
    request(root: string, fields: object, raw?: string): HttpRequest {
      const body = Buffer.from(raw ?? JSON.stringify({ [root]: { merchantAuthentication: authentication, ...fields } }));
      return { kind: 'http', method: 'POST', scheme: 'https', authority: { host, port: 443 }, path: '/xml/v1/request.api', query: null, version: '1.1', headers: [['Content-Type', raw === undefined ? 'application/json' : 'text/xml']], trailers: [], body };
    },
    async send(request: HttpRequest, more: Facts = {}): Promise<Said> {
      const decoded = authorizenet.decode(request);
      if (decoded.kind === 'unrecognized') throw new Error(decoded.why);
      call += 1;
      const { reply, remember = [], callbacks: told = [] } = await authorizenet.simulate(request, decoded, this.context(more));
      kept.keep(remember);
      callbacks.push(...told);
      const text = Buffer.from(reply.body).toString('utf8');
      expect([reply.status, text.charCodeAt(0)]).toEqual([200, 0xfeff]);
      const body = text.startsWith('\ufeff{') ? JSON.parse(text.slice(1)) : text.slice(1);
      return { request, reply, body, codes: [body.messages?.message[0].code, body.transactionResponse?.errors?.[0].errorCode ?? body.transactionResponse?.messages?.[0].code] };
    },
    say(root: string, fields: object = {}, more: Facts = {}): Promise<Said> { return this.send(this.request(root, fields), more); },
    transact(fields: object, more: Facts = {}): Promise<Said> { return this.say('createTransactionRequest', { transactionRequest: fields }, more); },
    async status(id: string): Promise<string> { return (await this.say('getTransactionDetailsRequest', { transId: id })).body.transaction.transactionStatus; },
    async happen(name: string, past: Said): Promise<readonly (string | undefined)[]> {
      call += 1;
      const { remember = [], callbacks: told = [] } = await authorizenet.later({ name, recipient: null, detail: null }, { request: past.request, decoded: authorizenet.decode(past.request), reply: past.reply }, this.context());
      kept.keep(remember);
      return told.map(({ event }) => event);
    },
  };
}

const card = { creditCard: { cardNumber: '4111111111111111', expirationDate: '2030-08' } };
const charge = (more: object = {}): object => ({ transactionType: 'authCaptureTransaction', amount: '10.00', payment: card, ...more });
const refund = (refTransId: string, amount: string, cardNumber = '1111'): object => ({ transactionType: 'refundTransaction', amount, payment: { creditCard: { cardNumber, expirationDate: 'XXXX' } }, refTransId });
const approved = ['I00001', '1'];

describe('a transaction', () => {
  it('is refunded once it has settled, to its own card, and never more than there was', async () => {
    const shop = merchant();
    const id = (await shop.transact(charge())).body.transactionResponse.transId as string;
    expect((await shop.transact(refund(id, '1.00'))).codes).toEqual(['E00027', '54']);
    shop.pass(day);
    expect(await shop.status(id)).toBe('settledSuccessfully');
    expect((await shop.transact(refund(id, '1.00', '2222'))).codes).toEqual(['E00027', '54']);
    expect((await shop.transact(refund(id, '10.01'))).codes).toEqual(['E00027', '55']);
    const first = await shop.transact(refund(id, '4.01'));
    expect([first.codes, first.body.transactionResponse.refTransID]).toEqual([approved, id]);
    expect((await shop.transact(refund(id, '6.00'))).codes).toEqual(['E00027', '55']);
    expect((await shop.transact(refund(id, '5.99'))).codes).toEqual(approved);
    expect((await shop.transact({ transactionType: 'voidTransaction', refTransId: first.body.transactionResponse.transId })).codes).toEqual(approved);
    shop.pass(day);
    expect((await shop.transact(refund(id, '4.01'))).codes).toEqual(approved);
  });

  it('is captured once, for no more than was authorized', async () => {
    const shop = merchant();
    const id = (await shop.transact(charge({ transactionType: 'authOnlyTransaction' }))).body.transactionResponse.transId as string;
    expect(await shop.status(id)).toBe('authorizedPendingCapture');
    const capture = { transactionType: 'priorAuthCaptureTransaction', refTransId: id };
    expect((await shop.transact({ transactionType: 'priorAuthCaptureTransaction', amount: '10.01', refTransId: id })).codes).toEqual(['E00027', '47']);
    expect((await shop.transact(capture)).codes).toEqual(approved);
    const again = await shop.transact(capture);
    expect([again.codes, again.body.transactionResponse.messages[0].description]).toEqual([['I00001', '311'], 'This transaction has already been captured.']);
  });

  it('is voided once, until it settles', async () => {
    const shop = merchant();
    const id = (await shop.transact(charge())).body.transactionResponse.transId as string;
    const other = (await shop.transact(charge({ amount: '11.00' }))).body.transactionResponse.transId as string;
    expect((await shop.transact({ transactionType: 'voidTransaction', refTransId: id })).codes).toEqual(approved);
    expect((await shop.transact({ transactionType: 'voidTransaction', refTransId: id })).codes).toEqual(['I00001', '310']);
    expect((await shop.transact({ transactionType: 'priorAuthCaptureTransaction', refTransId: id })).codes).toEqual(['E00027', '16']);
    shop.pass(day);
    expect((await shop.transact({ transactionType: 'voidTransaction', refTransId: other })).codes).toEqual(['E00027', '16']);
  });

  it('is a duplicate within two minutes, or as long as the call says', async () => {
    const shop = merchant();
    const window = (seconds: number): object => ({ transactionSettings: { setting: [{ settingName: 'duplicateWindow', settingValue: String(seconds) }] } });
    await shop.transact(charge());
    expect((await shop.transact(charge())).codes).toEqual(['E00027', '11']);
    expect((await shop.transact(charge({ amount: '10.01' }))).codes).toEqual(approved);
    expect((await shop.transact(charge({ order: { invoiceNumber: 'INV-2' } }))).codes).toEqual(approved);
    expect((await shop.transact(charge({ payment: { creditCard: { cardNumber: '4012888818888', expirationDate: '2030-08' } } }))).codes).toEqual(approved);
    expect((await shop.transact(charge(window(0)))).codes).toEqual(approved);
    shop.pass(120_000);
    expect((await shop.transact(charge(window(300)))).codes).toEqual(['E00027', '11']);
    expect((await shop.transact(charge())).codes).toEqual(approved);
  });

  it.each(['two minutes', '-1', '1e9', '0x10', ' ', '30.5', true])('is a duplicate as usual where the window is no number of seconds: %s', async (settingValue) => {
    const shop = merchant();
    const said = charge({ transactionSettings: { setting: [{ settingName: 'duplicateWindow', settingValue }] } });
    await shop.transact(said);
    expect((await shop.transact(said)).codes).toEqual(['E00027', '11']);
    shop.pass(120_000);
    expect((await shop.transact(said)).codes).toEqual(approved);
  });

  it('is a duplicate however many others with its card came between, and a declined one is none', async () => {
    const shop = merchant();
    await shop.transact(charge());
    for (let cents = 1; cents <= 51; cents += 1) await shop.transact(charge({ amount: `20.${String(cents).padStart(2, '0')}` }));
    expect((await shop.transact(charge())).codes).toEqual(['E00027', '11']);
    await shop.transact(charge({ amount: '11.00' }), { declined: { code: null } });
    expect((await shop.transact(charge({ amount: '11.00' }))).codes).toEqual(approved);
    shop.seed('transaction', '7', { authAmount: '12.00', submitTimeUTC: new Date(fixedNow).toISOString() });
    expect((await shop.transact(charge({ amount: '12.00' }))).codes).toEqual(['E00027', '11']);
  });

  it.each([
    ['no amount', { amount: undefined }, ['E00027', '5']], ['nothing', { amount: '0' }, ['E00027', '5']], ['a fraction of a cent', { amount: '1.001' }, ['E00027', '5']], ['no payment', { payment: undefined }, ['E00027', '33']],
    ['a wrong number', { payment: { creditCard: { cardNumber: '4111111111111112', expirationDate: '2030-08' } } }, ['E00027', '6']], ['no such month', { payment: { creditCard: { cardNumber: '4111111111111111', expirationDate: '2030-13' } } }, ['E00027', '7']],
    ['an expired card', { payment: { creditCard: { cardNumber: '4111111111111111', expirationDate: '1026' } } }, ['E00027', '8']], ['a card of this month', { payment: { creditCard: { cardNumber: '4111111111111111', expirationDate: '1126' } } }, approved],
    ['an unknown profile', { payment: undefined, profile: { customerProfileId: '1', paymentProfile: { paymentProfileId: '2' } } }, ['E00040', undefined]], ['a small check', { payment: { bankAccount: { routingNumber: '121042882', accountNumber: '123456789', nameOnAccount: 'Ann' } } }, approved],
    ['a check of more than a hundred', { amount: '100.01', payment: { bankAccount: { routingNumber: '121042882', accountNumber: '123456789', nameOnAccount: 'Ann' } } }, ['I00001', '2']], ['a wrong bank', { payment: { bankAccount: { routingNumber: '12', accountNumber: '123456789', nameOnAccount: 'Ann' } } }, ['E00027', '9']],
    ['the declining ZIP', { billTo: { zip: '46282' } }, ['I00001', '2']], ['no authorization code', { transactionType: 'captureOnlyTransaction' }, ['E00027', '12']], ['another number that is unknown', { transactionType: 'voidTransaction', amount: undefined, payment: undefined, refTransId: '1' }, ['E00027', '16']],
  ])('with %s', async (_what, more, codes) => {
    expect((await merchant().transact(charge(more))).codes).toEqual(codes);
  });

  it('that a failure rule declines, is declined with its code', async () => {
    const shop = merchant();
    const answer = await shop.transact(charge(), { declined: { code: '27' } });
    expect([answer.codes, answer.body.transactionResponse.responseCode]).toEqual([['I00001', '27'], '2']);
    expect(await shop.status(answer.body.transactionResponse.transId)).toBe('declined');
    expect((await shop.transact(charge(), { declined: { code: null } })).codes).toEqual(['I00001', '2']);
    const id = (await shop.transact(charge({ transactionType: 'authOnlyTransaction' }))).body.transactionResponse.transId as string;
    expect((await shop.transact({ transactionType: 'priorAuthCaptureTransaction', refTransId: id }, { declined: { code: null } })).body.transactionResponse.responseCode).toBe('2');
    expect(await shop.status(id)).toBe('authorizedPendingCapture');
  });

  it('takes the token of a browser once, and does not keep it', async () => {
    const shop = merchant();
    const opaque = charge({ payment: { opaqueData: { dataDescriptor: 'COMMON.ACCEPT.INAPP.PAYMENT', dataValue: 'one-time-token' } } });
    expect((await shop.transact(opaque)).codes).toEqual(approved);
    expect((await shop.transact({ ...opaque, amount: '2.00' })).codes).toEqual(['E00114', undefined]);
    expect(JSON.stringify(await shop.context().list('opaque'))).not.toContain('one-time-token');
  });

  it('is listed until it settles', async () => {
    const shop = merchant();
    expect((await shop.say('getUnsettledTransactionListRequest')).codes[0]).toBe('I00004');
    await shop.transact(charge({ order: { invoiceNumber: 'INV-1' } }));
    const { body } = await shop.say('getUnsettledTransactionListRequest');
    expect([body.totalNumInResultSet, body.transactions[0].invoiceNumber, body.transactions[0].accountNumber]).toEqual([1, 'INV-1', 'XXXX1111']);
    shop.pass(day);
    expect((await shop.say('getUnsettledTransactionListRequest')).codes[0]).toBe('I00004');
  });
});

describe('a call', () => {
  it('in XML is answered in XML, under its own name', async () => {
    const shop = merchant();
    const namespace = 'xmlns="AnetApi/xml/v1/schema/AnetApiSchema.xsd"';
    const who = '<merchantAuthentication><name>5KP3u95bQpv</name><transactionKey>FAKEFAKEFAKEFAKE</transactionKey></merchantAuthentication>';
    const answer = await shop.send(shop.request('', {}, `<createTransactionRequest ${namespace}>${who}<refId>r&amp;1</refId><transactionRequest><transactionType>authCaptureTransaction</transactionType><amount>5.00</amount><payment><creditCard><cardNumber>4111111111111111</cardNumber><expirationDate>2030-12</expirationDate></creditCard></payment></transactionRequest></createTransactionRequest>`));
    expect(answer.body).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?><createTransactionResponse [^>]*><refId>r&amp;1<\/refId><messages><resultCode>Ok<\/resultCode><message><code>I00001<\/code><text>Successful\.<\/text><\/message><\/messages><transactionResponse><responseCode>1<\/responseCode>/);
    expect(answer.body).toContain('<messages><message><code>1</code><description>This transaction has been approved.</description></message></messages>');
    const wrong = await shop.send(shop.request('', {}, `<createTransactionRequest ${namespace}>${who}<transactionRequest><amount>5.00</amount><transactionType>authCaptureTransaction</transactionType></transactionRequest></createTransactionRequest>`));
    expect(wrong.body).toContain('<ErrorResponse');
  });

  it('is held to the order of the schema, in JSON too', async () => {
    const { body, codes } = await merchant().transact({ amount: '1.00', transactionType: 'authCaptureTransaction', payment: card });
    expect([codes[0], body.messages.message[0].text]).toEqual(['E00003', expect.stringMatching(/^The element 'transactionRequest' in namespace '[^']*' has invalid child element 'transactionType'/)]);
    expect((await merchant().transact(charge({ billTo: { zip: '1', firstName: 'Ann' } }))).codes[0]).toBe('E00003');
    expect((await merchant().transact(charge({ suprise: 1 }))).codes[0]).toBe('E00003');
  });

  it('without a login is nobody\'s', async () => {
    const shop = merchant();
    const request = shop.request('getTransactionDetailsRequest', { merchantAuthentication: { name: '', transactionKey: 'x' }, transId: '1' });
    expect(authorizenet.account(request)).toBeNull();
    expect((await shop.send(request)).codes[0]).toBe('E00007');
    expect(authorizenet.account(shop.request('x', {}))).toBe('test/5KP3u95bQpv');
  });

  it.each([
    ['two requests at once', JSON.stringify({ authenticateTestRequest: {}, createTransactionRequest: {} })], ['a list', '[]'], ['another root', JSON.stringify({ getSettledBatchListRequest: {} })],
  ])('with %s is not read', (_what, text) => {
    const request = { ...merchant().request('x', {}), body: Buffer.from(text) };
    expect(authorizenet.decode(request).kind).toBe('unrecognized');
  });

  it.each([['another path', { path: '/rest/v1/webhooks' }], ['a query', { query: 'x=1' }], ['another method', { method: 'PUT' }]])('at %s is not read', (_what, more) => {
    expect(authorizenet.decode({ ...merchant().request('authenticateTestRequest', {}), ...more }).kind).toBe('unrecognized');
  });
});

describe('a profile', () => {
  const profile = { merchantCustomerId: 'c-7', email: 'ann@example.test', paymentProfiles: [{ customerType: 'individual', payment: card }] };

  it('is made once, found by its address, changed and deleted', async () => {
    const shop = merchant();
    const id = (await shop.say('createCustomerProfileRequest', { profile })).body.customerProfileId as string;
    const again = await shop.say('createCustomerProfileRequest', { profile });
    expect([again.codes[0], again.body.messages.message[0].text]).toEqual(['E00039', `A duplicate record with ID ${id} already exists.`]);
    expect((await shop.say('createCustomerProfileRequest', { profile: {} })).codes[0]).toBe('E00041');
    await shop.say('updateCustomerProfileRequest', { profile: { email: 'new@example.test', customerProfileId: id } });
    expect((await shop.say('getCustomerProfileRequest', { email: 'new@example.test' })).body.profile.customerProfileId).toBe(id);
    await shop.say('deleteCustomerProfileRequest', { customerProfileId: id });
    expect((await shop.say('getCustomerProfileRequest', { customerProfileId: id })).codes[0]).toBe('E00040');
    expect(shop.callbacks.map(({ event }) => event)).toEqual(['net.authorize.customer.created', 'net.authorize.customer.updated', 'net.authorize.customer.deleted']);
  });

  it('has cards that are added, changed and taken away, masked', async () => {
    const shop = merchant();
    const { customerProfileId, customerPaymentProfileIdList: [first] } = (await shop.say('createCustomerProfileRequest', { profile })).body;
    const second = (await shop.say('createCustomerPaymentProfileRequest', { customerProfileId, paymentProfile: { payment: { creditCard: { cardNumber: '5424000000000015', expirationDate: '2030-12' } } } })).body.customerPaymentProfileId;
    expect((await shop.say('createCustomerPaymentProfileRequest', { customerProfileId, paymentProfile: { payment: { creditCard: { cardNumber: '5424000000000015', expirationDate: '2030-12' } } } })).codes[0]).toBe('E00039');
    await shop.say('updateCustomerPaymentProfileRequest', { customerProfileId, paymentProfile: { billTo: { firstName: 'Bob' }, payment: { creditCard: { cardNumber: 'XXXX0015', expirationDate: 'XXXX' } }, customerPaymentProfileId: second } });
    expect((await shop.say('getCustomerPaymentProfileRequest', { customerProfileId, customerPaymentProfileId: second })).body.paymentProfile).toMatchObject({ billTo: { firstName: 'Bob' }, payment: { creditCard: { cardNumber: 'XXXX0015', cardType: 'MasterCard' } } });
    await shop.say('deleteCustomerPaymentProfileRequest', { customerProfileId, customerPaymentProfileId: first });
    expect((await shop.say('getCustomerPaymentProfileRequest', { customerProfileId, customerPaymentProfileId: first })).codes[0]).toBe('E00040');
  });

  it('comes of a transaction, in the same call or after it', async () => {
    const shop = merchant();
    const made = await shop.transact(charge({ profile: { createProfile: true }, customer: { id: 'c-8', email: 'bob@example.test' } }));
    expect((await shop.say('getCustomerProfileRequest', { customerProfileId: made.body.profileResponse.customerProfileId })).body.profile).toMatchObject({ merchantCustomerId: 'c-8', email: 'bob@example.test' });
    const id = (await shop.transact(charge({ customer: { email: 'carl@example.test' } }))).body.transactionResponse.transId;
    expect((await shop.say('createCustomerProfileFromTransactionRequest', { transId: id })).body.customerPaymentProfileIdList).toHaveLength(1);
  });

  it('of a restored database is charged where it is seeded, or believed', async () => {
    const shop = merchant();
    shop.seed('customer_profile', '501', { email: 'ann@example.test', paymentProfiles: [{ customerPaymentProfileId: '901', cardNumber: 'XXXX0015', cardType: 'MasterCard' }] });
    const byProfile = (customerProfileId: string): object => ({ transactionType: 'authCaptureTransaction', amount: '3.00', profile: { customerProfileId, paymentProfile: { paymentProfileId: '901' } } });
    expect((await shop.transact(byProfile('501'))).body.transactionResponse.accountNumber).toBe('XXXX0015');
    expect((await shop.transact(byProfile('502'), { unknownIds: 'adopt' })).codes).toEqual(approved);
    const request = shop.request('createTransactionRequest', { transactionRequest: byProfile('501') });
    expect(await authorizenet.recalled(request, authorizenet.decode(request), shop.context())).toMatchObject({ effects: [{ recipients: [{ address: 'ann@example.test' }] }] });
  });
});

describe('a subscription', () => {
  const subscription = { name: 'Gold', paymentSchedule: { interval: { length: 1, unit: 'months' }, startDate: '2026-12-01', totalOccurrences: 12 }, amount: 10.29, payment: card, customer: { email: 'ann@example.test' } };

  it('takes money when a night is made to pass, until it is cancelled', async () => {
    const shop = merchant();
    const made = await shop.say('ARBCreateSubscriptionRequest', { subscription });
    expect(await shop.happen('net.authorize.payment.authcapture.created', made)).toEqual(['net.authorize.payment.authcapture.created']);
    const { body } = await shop.say('getUnsettledTransactionListRequest');
    expect(body.transactions[0]).toMatchObject({ settleAmount: 10.29, subscription: { payNum: 1 } });
    const { subscriptionId } = made.body;
    await shop.say('ARBUpdateSubscriptionRequest', { subscriptionId, subscription: { amount: 12 } });
    expect((await shop.say('ARBGetSubscriptionRequest', { subscriptionId })).body.subscription).toMatchObject({ amount: 12, status: 'active', name: 'Gold', paymentSchedule: { interval: { length: '1', unit: 'months' } } });
    await shop.say('ARBCancelSubscriptionRequest', { subscriptionId });
    expect((await shop.say('ARBCancelSubscriptionRequest', { subscriptionId })).codes[0]).toBe('I00002');
    expect((await shop.say('ARBUpdateSubscriptionRequest', { subscriptionId, subscription: { amount: 13 } })).codes[0]).toBe('E00037');
    expect(await shop.happen('net.authorize.payment.authcapture.created', made)).toEqual([]);
    expect(shop.callbacks.map(({ event }) => event?.split('.').at(-1))).toEqual(['created', 'updated', 'cancelled']);
  });

  it('is suspended, and unknown where it is', async () => {
    const shop = merchant();
    const made = await shop.say('ARBCreateSubscriptionRequest', { subscription });
    expect(await shop.happen('net.authorize.customer.subscription.suspended', made)).toEqual(['net.authorize.customer.subscription.suspended']);
    expect((await shop.say('ARBGetSubscriptionStatusRequest', { subscriptionId: made.body.subscriptionId })).body.status).toBe('suspended');
    expect((await shop.say('ARBGetSubscriptionStatusRequest', { subscriptionId: '1' })).codes[0]).toBe('E00035');
    expect((await shop.say('ARBCreateSubscriptionRequest', { subscription: { ...subscription, payment: { creditCard: { cardNumber: '4111111111111111', expirationDate: '2020-01' } } } })).codes[0]).toBe('E00018');
  });
});

describe('a payment form', () => {
  const settings = { setting: [{ settingName: 'hostedPaymentReturnOptions', settingValue: JSON.stringify({ url: 'https://shop.example.test/done', cancelUrl: 'https://shop.example.test/cart' }) }] };

  it('is paid on our page, once, and sends the payer back', async () => {
    const shop = merchant();
    const { token } = (await shop.say('getHostedPaymentPageRequest', { transactionRequest: { transactionType: 'authCaptureTransaction', amount: '20.00', customer: { email: 'ann@example.test' } }, hostedPaymentSettings: settings })).body;
    const subject = { kind: 'hosted_payment', id: Buffer.from(token, 'base64url').toString().split('/').at(-1)! };
    const page = await authorizenet.hosted.show(subject, shop.context());
    expect(page).toMatchObject({ amount: { minor: '2000' }, payer: 'ann@example.test', choices: ['pay', 'decline', 'cancel'] });
    expect((await authorizenet.hosted.choose(subject, 'cancel', shop.context()))?.goTo).toBe('https://shop.example.test/cart');
    const paid = await authorizenet.hosted.choose(subject, 'pay', shop.context());
    shop.kept.keep(paid?.remember ?? []);
    expect([paid?.goTo, paid?.callbacks?.map(({ event }) => event)]).toEqual(['https://shop.example.test/done', ['net.authorize.payment.authcapture.created']]);
    expect(await authorizenet.hosted.show(subject, shop.context())).toMatchObject({ choices: [], back: 'https://shop.example.test/done' });
    expect(await authorizenet.hosted.show({ kind: 'hosted_payment', id: 'nobody' }, shop.context())).toBeNull();
  });
});

describe('what a seed describes', () => {
  it('is refunded in its own currency, and tells whose it is', async () => {
    const shop = merchant();
    shop.seed('transaction', '601', { authAmount: '1000', currencyCode: 'JPY', customer: { email: 'ann@example.test' }, order: { invoiceNumber: 'INV-9' } });
    const request = shop.request('createTransactionRequest', { transactionRequest: refund('601', '400') });
    expect(await authorizenet.recalled(request, authorizenet.decode(request), shop.context())).toMatchObject({ effects: [{ amount: { minor: '400', exponent: 0, currency: 'JPY' }, recipients: [{ address: 'ann@example.test' }], keys: [{ value: 'INV-9' }], method: 'Visa 1111' }] });
    expect((await shop.send(request)).codes).toEqual(approved);
  });

  it.each([
    ['subscription', '1', {}, 'customer_profile and transaction'], ['transaction', 'a', {}, 'digits'], ['transaction', '1', { authAmount: '1.001' }, 'authAmount'], ['transaction', '1', { authAmount: '1', transactionStatus: 'paid' }, 'settledSuccessfully'],
    ['customer_profile', '1', { mail: 'x' }, 'the field mail'], ['customer_profile', '1', { paymentProfiles: [{ customerPaymentProfileId: '2', cardNumber: '4111111111111111' }] }, 'masked'],
  ])('as %s %s %j is refused: %s', (kind, id, value, why) => {
    expect(() => authorizenet.seed(kind, id, value)).toThrow(why);
  });
});

it('is settled and returned when that is made to happen, and signs by the key as it is written', async () => {
  const shop = merchant();
  const check = await shop.transact(charge({ payment: { bankAccount: { routingNumber: '121042882', accountNumber: '123456789', nameOnAccount: 'Ann' } } }));
  await shop.happen('settledSuccessfully', check);
  expect(await shop.status(check.body.transactionResponse.transId)).toBe('settledSuccessfully');
  await shop.happen('returnedItem', check);
  expect(await shop.status(check.body.transactionResponse.transId)).toBe('returnedItem');
  const [draft] = shop.callbacks;
  const key = '0123456789abcdef'.repeat(8);
  const signed = authorizenet.sign({ method: draft!.method, url: 'https://shop.example.test', headers: draft!.headers, contentType: draft!.contentType, body: draft!.body }, key);
  expect(signed.headers.at(-1)).toEqual(['X-ANET-Signature', `sha512=${createHmac('sha512', key).update(draft!.body).digest('hex').toUpperCase()}`]);
  expect(draft!.body).toContain('"authAmount":10.00,"entityName":"transaction"');
  expect(JSON.parse(draft!.body)).toMatchObject({ eventType: 'net.authorize.payment.authcapture.created', payload: { responseCode: 1, authAmount: 10, entityName: 'transaction', id: check.body.transactionResponse.transId } });
});
