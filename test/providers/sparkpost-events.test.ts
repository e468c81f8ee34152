import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { sparkpost } from '../../src/providers/sparkpost/index.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import { parseHttpFile } from '../support/http-file.ts';

const post = (body: object): HttpRequest => parseHttpFile(Buffer.from(`POST /api/v1/transmissions HTTP/1.1\nHost: api.sparkpost.com\nAuthorization: key\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
const request = post({
  content: { from: 'shop@ourcompany.test', subject: 'Hi {{name}}', text: 'x', headers: { CC: 'bob@example.test' } }, campaign_id: 'orders',
  recipients: [{ address: 'ann@example.test', substitution_data: { name: 'Ann' } }, { address: { email: 'bob@example.test', header_to: 'ann@example.test' } }, { list_id: 'all' }],
});

async function told(name: string, recipient: string | null, detail: string | null = null): Promise<readonly { readonly family: string; readonly event: Record<string, unknown> }[]> {
  const decoded = sparkpost.decode(request);
  const { reply } = await sparkpost.simulate(request, decoded, memory().context());
  const { callbacks = [] } = await sparkpost.later({ name, recipient, detail }, { request, decoded, reply }, memory().context());
  return callbacks.map(({ target, body, headers }) => {
    expect(target).toBe('sparkpost');
    expect(headers).toEqual([['X-MessageSystems-Batch-ID', expect.stringMatching(/^[0-9a-f-]{36}$/)]]);
    const [[family, event]] = (JSON.parse(body) as [{ msys: Record<string, Record<string, unknown>> }]).map(({ msys }) => Object.entries(msys)[0]!) as [[string, Record<string, unknown>]];
    return { family, event };
  });
}

describe('what SparkPost tells later', () => {
  it.each([
    ['bounce', null, 'message_event', { bounce_class: '10', error_code: '550' }],
    ['bounce', '552 5.2.2 mailbox full', 'message_event', { error_code: '552', reason: '552 5.2.2 mailbox full' }],
    ['delay', null, 'message_event', { error_code: '451', num_retries: '1' }],
    ['spam_complaint', null, 'message_event', { fbtype: 'abuse' }],
    ['open', null, 'track_event', { ip_address: '192.0.2.2' }],
    ['click', 'https://shop.test/o/42', 'track_event', { target_link_url: 'https://shop.test/o/42' }],
    ['list_unsubscribe', null, 'unsubscribe_event', {}],
  ] as const)('%s (%s) is a %s', async (name, detail, family, expected) => {
    expect(await told(name, 'ann@example.test', detail)).toMatchObject([{ family, event: { type: name, rcpt_to: 'ann@example.test', subject: 'Hi Ann', campaign_id: 'orders', timestamp: String(Math.floor(fixedNow / 1000)), transmission_id: expect.stringMatching(/^7[0-9]{16}$/), ...expected } }]);
  });

  it('is told of each recipient who is named, and of nobody on a stored list', async () => {
    expect((await told('delivery', null)).map(({ event }) => [event['rcpt_to'], event['rcpt_type']])).toEqual([['ann@example.test', undefined], ['bob@example.test', 'cc']]);
  });

  it('is nothing for a stranger or an event that SparkPost has not', async () => {
    expect(await told('delivery', 'eve@example.test')).toEqual([]);
    expect(await told('exploded', null)).toEqual([]);
  });

  it('is nothing where no mail was accepted', async () => {
    const refused = post({ content: {}, recipients: [{ address: 'ann@example.test' }] });
    const { reply } = await sparkpost.simulate(refused, sparkpost.decode(refused), memory().context());
    expect(await sparkpost.later({ name: 'delivery', recipient: null, detail: null }, { request: refused, decoded: sparkpost.decode(refused), reply }, memory().context())).toEqual({});
  });
});
