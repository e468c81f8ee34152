import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { LaterEvent } from '../../src/model/provider.ts';
import { infobip } from '../../src/providers/infobip/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

function post(path: string, body: unknown, method = 'POST'): HttpRequest {
  return parseHttpFile(Buffer.from([`${method} ${path} HTTP/1.1`, 'Host: fake12.api.infobip.com', 'Content-Type: application/json', 'Authorization: App fake-key', '', JSON.stringify(body)].join('\r\n')));
}
const advanced = (message: object): HttpRequest => post('/sms/2/text/advanced', { messages: [{ destinations: [{ to: '447700900123' }], text: 'Order 42', ...message }] });

async function captured(request: HttpRequest) {
  const kept = memory();
  const decoded = infobip.decode(request);
  const { reply, remember = [], callbacks = [] } = await infobip.simulate(request, decoded, kept.context());
  kept.keep(remember);
  const after = (event: Pick<LaterEvent, 'name'> & Partial<LaterEvent>) => infobip.later({ recipient: null, detail: null, ...event }, { request, decoded, reply }, kept.context({ call: 2, now: fixedNow + 60_000 }));
  return { kept, callbacks, after, answer: JSON.parse(Buffer.from(reply.body).toString()) as unknown };
}

describe('a delivery report', () => {
  it('goes to the URL of the message, two seconds later', async () => {
    const { callbacks: [draft] } = await captured(advanced({ from: 'Shop', notifyUrl: 'https://shop.internal.test/dr', callbackData: 'order 42' }));
    expect(draft).toMatchObject({ target: 'https://shop.internal.test/dr', event: 'DELIVERED', notBeforeMs: fixedNow + 2000, contentType: 'application/json' });
    expect(JSON.parse(draft!.body)).toEqual({ results: [{
      bulkId: expect.stringMatching(/^\d{19}$/), messageId: draft!.object, to: '447700900123', from: 'Shop', sentAt: '2026-11-21T09:00:00.250+0000', doneAt: '2026-11-21T09:00:02.250+0000', smsCount: 1, callbackData: 'order 42',
      price: { pricePerMessage: 0.01, currency: 'EUR' }, status: { groupId: 3, groupName: 'DELIVERED', id: 5, name: 'DELIVERED_TO_HANDSET', description: 'Message delivered to handset' },
      error: { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', description: 'No Error', permanent: false },
    }] });
  });

  it.each([
    ['without a URL goes to the target infobip', {}, ['infobip']], ['waits for the time it is sent at', { sendAt: '2026-11-21T10:00:00.000+0000' }, ['infobip']], ['is not drafted as XML', { notifyUrl: 'https://shop.internal.test/dr', notifyContentType: 'application/xml' }, []],
  ])('%s', async (_what, message, targets) => {
    const { callbacks } = await captured(advanced(message));
    expect(callbacks.map(({ target }) => target)).toEqual(targets);
    if ('sendAt' in message) expect(callbacks[0]!.notBeforeMs).toBe(Date.UTC(2026, 10, 21, 10, 0, 2));
  });

  it('of v3 has the names of v3', async () => {
    const { callbacks: [draft] } = await captured(post('/sms/3/messages', { messages: [{ sender: 'Shop', destinations: [{ to: '447700900123' }], content: { text: 'Order 42' }, webhooks: { delivery: { url: 'https://shop.internal.test/dr' } } }] }));
    expect(draft!.target).toBe('https://shop.internal.test/dr');
    expect(JSON.parse(draft!.body)).toMatchObject({ results: [{ sender: 'Shop', messageCount: 1 }] });
  });

  it.each([
    ['UNDELIVERABLE', null, { status: { name: 'UNDELIVERABLE_NOT_DELIVERED' }, error: { name: 'EC_ABSENT_SUBSCRIBER' } }], ['EXPIRED', null, { status: { id: 15 } }],
    ['REJECTED', 'REJECTED_DESTINATION_NOT_REGISTERED', { status: { groupId: 5, name: 'REJECTED_DESTINATION_NOT_REGISTERED' } }], ['REJECTED', 'not in this network', { status: { description: 'not in this network' } }],
  ])('says %s (%s), and the log does from then on', async (name, detail, expected) => {
    const { kept, after } = await captured(advanced({}));
    const { remember = [], callbacks = [] } = await after({ name, detail });
    expect(JSON.parse(callbacks[0]!.body)).toMatchObject({ results: [expected] });
    kept.keep(remember);
    const logs = post('/sms/1/logs', null, 'GET');
    const { reply } = await infobip.simulate({ ...logs, body: new Uint8Array(), headers: [] }, { kind: 'read', operation: 'logs', liveness: 'unknown' }, kept.context({ now: fixedNow + 120_000 }));
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ results: [expected] });
  });

  it('is of the one recipient it happens to', async () => {
    const { after } = await captured(advanced({ destinations: [{ to: '447700900123' }, { to: '447700900456', messageId: 'm2' }] }));
    expect((await after({ name: 'EXPIRED', recipient: '+447700900456' })).callbacks).toMatchObject([{ object: 'm2' }]);
    expect((await after({ name: 'EXPIRED', recipient: '+447700900789' })).callbacks).toEqual([]);
  });
});

describe('a call that is not certain', () => {
  it.each([
    ['a destination beside the messages', post('/sms/2/text/advanced', { to: '447700900456', messages: [{ to: '447700900123', text: 'x' }] })],
    ['a destination that is no object', advanced({ destinations: ['447700900123'] })],
    ['a destination spelt another way', advanced({ destinations: [{ to: '447700900123', To: '447700900456' }] })],
    ['messages spelt another way', post('/sms/2/text/advanced', { messages: [{ to: '447700900123', text: 'x' }], Messages: [] })],
    ['no destination', advanced({ destinations: [] })], ['the URL of a bulk', post('/sms/1/bulks?bulkId=1', { sendAt: 'x' }, 'PUT')],
    ['a parameter that nobody knows', { ...advanced({}), query: 'to=447700900456' }],
    ['another path', { ...advanced({}), path: '/sms/2/text//advanced' }],
    ['a channel that is not simulated', post('/viber/2/messages', { messages: [] })],
    ['a code with a number in its query', { ...post('/2fa/2/pin', { applicationId: 'a', messageId: 'm', to: '447700900123' }), query: 'to=447700900456' }],
    ['a code to nobody', post('/2fa/2/pin', { applicationId: 'a', messageId: 'm' })],
    ['a number beside a template', post('/whatsapp/1/message/template', { to: '447700900456', messages: [{ to: '447700900123', content: {} }] })],
    ['a preview to somebody', post('/sms/1/preview', { text: 'x', to: '447700900123' })],
    ['two numbers by a GET', { ...post('/sms/1/text/query', '', 'GET'), body: new Uint8Array(), headers: [], query: 'to=447700900123&to=447700900456&text=x' }],
  ])('is not recognised with %s', (_what, request) => {
    expect(infobip.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('Infobip') });
  });

  it('of a resend is to whoever the code went to, where that is remembered', async () => {
    const { kept, answer } = await captured(post('/2fa/2/pin', { applicationId: 'a', messageId: 'm', to: '447700900123' }));
    const resend = post(`/2fa/2/pin/${(answer as { pinId: string }).pinId}/resend`, {});
    expect(infobip.decode(resend)).toMatchObject({ effects: [{ recipients: [{ kind: 'audience' }] }] });
    expect(await infobip.recalled(resend, infobip.decode(resend), kept.context())).toMatchObject({ effects: [{ by: 'sms', code: expect.stringMatching(/^\d{4}$/), recipients: [{ address: '+447700900123', kind: 'phone' }] }] });
  });
});
