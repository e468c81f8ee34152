import { describe, expect, it } from 'vitest';
import type { LaterEvent } from '../../src/model/provider.ts';
import { plivo } from '../../src/providers/plivo/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const call = (resource: 'Message' | 'Call', body: object) => parseHttpFile(Buffer.from(`POST /v1/Account/MA0000000000FAKE0000/${resource}/ HTTP/1.1\nHost: api.plivo.com\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
const message = { src: '14155550100', dst: '14155550101<14155550102', text: 'Hi', url: 'https://app.example.test/dlr' };
const ringing = { from: '14155550100', to: '14155550101', answer_url: 'https://app.example.test/answer', ring_url: 'https://app.example.test/ring', hangup_url: 'https://app.example.test/hangup', hangup_method: 'GET' };

async function happened(request: ReturnType<typeof call>, event: Partial<LaterEvent> & { readonly name: string }) {
  const decoded = plivo.decode(request);
  const kept = memory();
  const { reply, remember } = await plivo.simulate(request, decoded, kept.context());
  kept.keep(remember ?? []);
  const after = await plivo.later({ recipient: null, detail: null, ...event }, { request, decoded, reply }, kept.context({ call: 2 }));
  kept.keep(after.remember ?? []);
  const answer = JSON.parse(Buffer.from(reply.body).toString()) as { readonly message_uuid?: readonly string[]; readonly request_uuid?: string };
  const ids = answer.message_uuid ?? [answer.request_uuid];
  const shown = await Promise.all(ids.map(async (id) => {
    const read = { ...request, method: 'GET', path: `${request.path}${id}/`, headers: [], body: new Uint8Array() };
    return JSON.parse(Buffer.from((await plivo.simulate(read, plivo.decode(read), kept.context({ call: 3 }))).reply.body).toString()) as unknown;
  }));
  return { told: (after.callbacks ?? []).map(({ target, method, body }) => ({ target, method, ...Object.fromEntries(new URLSearchParams(body)) })), shown };
}

describe('what happens to a call of Plivo later', () => {
  it.each([
    ['undelivered', null, '80'], ['undelivered', '70', '70'], ['failed', null, '300'], ['rejected', 'out of credit', '50'], ['delivered', null, '000'], ['read', null, ''],
  ])('each message of a bulk is %s (%s), error code %s', async (name, detail, code) => {
    const { told, shown } = await happened(call('Message', message), { name, detail });
    expect(told).toMatchObject(['14155550101', '14155550102'].map((To) => ({ target: 'https://app.example.test/dlr', method: 'POST', To, Status: name, ErrorCode: code })));
    expect(shown).toMatchObject([{ message_state: name }, { message_state: name }]);
  });

  it.each(['+14155550102', '14155550102'])('to one number of a bulk, %s', async (recipient) => {
    const { told, shown } = await happened(call('Message', message), { name: 'failed', recipient });
    expect(told).toMatchObject([{ To: '14155550102' }]);
    expect(shown).toMatchObject([{ message_state: 'queued', error_code: null }, { message_state: 'failed', error_code: '300' }]);
  });

  it('tells nothing of a message without a URL', async () => {
    const { told, shown } = await happened(call('Message', { ...message, url: undefined }), { name: 'delivered' });
    expect(told).toEqual([]);
    expect(shown).toMatchObject([{ message_state: 'delivered' }, {}]);
  });

  it.each([
    ['ringing', 'https://app.example.test/ring', 'POST', {}], ['busy', 'https://app.example.test/hangup', 'GET', { HangupCause: 'USER_BUSY', Duration: '0' }], ['completed', 'https://app.example.test/hangup', 'GET', { HangupCause: 'NORMAL_CLEARING', Duration: '2' }],
  ])('a call is %s', async (name, target, method, more) => {
    expect((await happened(call('Call', ringing), { name })).told).toMatchObject([{ target, method, CallStatus: name, To: '14155550101', ...more }]);
  });

  it('nothing to a message that a call comes to, and the other way round', async () => {
    expect((await happened(call('Message', message), { name: 'busy' })).told).toEqual([]);
    expect((await happened(call('Call', ringing), { name: 'delivered' })).told).toEqual([]);
  });
});
