import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { customerio } from '../../src/providers/customerio/index.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import { parseHttpFile } from '../support/http-file.ts';

const post = (path: string, body: object): HttpRequest => parseHttpFile(Buffer.from(`POST ${path} HTTP/1.1\nHost: api.customer.io\nAuthorization: Bearer key\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
const mail = post('/v1/send/email', { to: 'ann@example.test, bob@example.test', bcc: 'cara@example.test', identifiers: { id: 'u-1' }, transactional_message_id: 'order_shipped', subject: 'Shipped' });
const push = post('/v1/send/push', { to: 'token-1', identifiers: { email: 'ann@example.test' }, transactional_message_id: 5 });
const sms = post('/v1/send/sms', { identifiers: { cio_id: 'a1' }, transactional_message_id: 5 });

async function told(request: HttpRequest, name: string, recipient: string | null = null, detail: string | null = null): Promise<readonly Record<string, unknown>[]> {
  const decoded = customerio.decode(request);
  const { reply } = await customerio.simulate(request, decoded, memory().context());
  const { callbacks = [] } = await customerio.later({ name, recipient, detail }, { request, decoded, reply }, memory().context());
  expect(callbacks.every(({ target, method }) => target === 'customerio' && method === 'POST')).toBe(true);
  return callbacks.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

describe('what Customer.io reports later', () => {
  it.each([
    ['bounced', '552 mailbox full', { failure_message: '552 mailbox full', recipient: 'ann@example.test', subject: 'Shipped', transactional_message_id: 1 }],
    ['clicked', 'https://shop.test/o', { href: 'https://shop.test/o', link_id: 1 }],
    ['opened', null, { identifiers: { id: 'u-1', email: null, cio_id: null }, customer_id: 'u-1' }],
    ['spammed', null, { delivery_id: expect.stringMatching(/^[A-Za-z0-9]{28}$/) }],
  ] as const)('a mail that was %s', async (metric, detail, data) => {
    expect(await told(mail, metric, 'ann@example.test', detail)).toMatchObject([{ object_type: 'email', metric, timestamp: Math.floor(fixedNow / 1000), event_id: expect.stringMatching(/^01[0-9A-F]{24}$/), data }]);
  });

  it('once for each who is written to, not for the copies', async () => {
    expect((await told(mail, 'delivered')).map(({ data }) => (data as { recipient: string }).recipient)).toEqual(['ann@example.test', 'bob@example.test']);
    expect(await told(mail, 'delivered', 'cara@example.test')).toEqual([]);
  });

  it('devices of a push, and no number of a text whose number only Customer.io knows', async () => {
    expect(await told(push, 'sent')).toMatchObject([{ object_type: 'push', data: { recipients: [{ device_id: 'token-1' }], transactional_message_id: 5 } }]);
    expect(await told(sms, 'delivered')).toMatchObject([{ object_type: 'sms', data: { recipient: null, identifiers: { cio_id: 'a1' } } }]);
  });

  it('nothing that cannot happen to such a message, nor anything of a broadcast or an event', async () => {
    expect(await told(sms, 'opened')).toEqual([]);
    expect(await told(mail, 'exploded')).toEqual([]);
    expect(await told(post('/v1/campaigns/1/triggers', { emails: ['ann@example.test'] }), 'delivered')).toEqual([]);
    expect(await told(post('/api/v1/customers/5/events', { name: 'x' }), 'sent')).toEqual([]);
  });
});

describe('the account', () => {
  it('is the App API key, or site id and key of the Track API', () => {
    expect(customerio.account(mail)).toBe('key');
    const track = { ...mail, headers: [['Authorization', `Basic ${Buffer.from('site:api').toString('base64')}`]] as const };
    expect(customerio.account(track)).toBe('site api');
  });
});
