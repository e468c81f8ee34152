import { describe, expect, it } from 'vitest';
import type { LaterEvent } from '../../src/model/provider.ts';
import { vonage } from '../../src/providers/vonage/index.ts';
import { httpFixtures } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const fixtures = httpFixtures('vonage');

/** What is told once the call of a fixture was answered, and what it tells after that. */
async function happened(name: string, event: Partial<LaterEvent> & { readonly name: string }) {
  const { request } = fixtures.find((one) => one.name === name)!;
  const decoded = vonage.decode(request);
  const kept = memory();
  const { reply, remember, callbacks } = await vonage.simulate(request, decoded, kept.context());
  kept.keep(remember ?? []);
  const after = await vonage.later({ recipient: null, detail: null, ...event }, { request, decoded, reply }, kept.context({ call: 2 }));
  kept.keep(after.remember ?? []);
  const said = (body: string): unknown => body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  return { first: callbacks ?? [], told: (after.callbacks ?? []).map(({ target, method, event: named, body }) => ({ target, method, event: named, said: said(body) })) };
}

describe('what happens to a call of Vonage later', () => {
  it.each([
    ['failed', null, '99'], ['failed', '7', '7'], ['failed', 'no words of the vendor', '99'], ['rejected', null, '99'], ['unknown', null, '1'], ['delivered', null, '0'], ['buffered', null, '0'],
  ])('an SMS is %s with %s: error code %s', async (name, detail, code) => {
    const { told } = await happened('sms-send', { name, detail });
    expect(told).toMatchObject([{ target: 'https://app.example.com/dlr', method: 'GET', event: name, said: { status: name, 'err-code': code, 'client-ref': 'abc', 'api-key': 'staging' } }]);
  });

  it.each([['submitted', undefined], ['read', undefined], ['undeliverable', 'Destination unreachable'], ['rejected', 'Destination unreachable']])('a message is %s', async (name, detail) => {
    const { told } = await happened('messages-sms', { name });
    expect(told).toMatchObject([{ target: 'https://app.example.com/s', method: 'POST', said: { status: name, client_ref: 'abc', to: '447700900000', ...(detail === undefined ? {} : { error: { title: '1260', detail } }) } }]);
  });

  it.each(['busy', 'timeout', 'failed', 'rejected', 'unanswered', 'cancelled'])('a call is %s', async (name) => {
    const { told } = await happened('call-create', { name });
    expect(told).toMatchObject([{ target: 'https://app.example.com/events', said: { status: name, to: '447700900000', from: '447700900001', direction: 'outbound' } }]);
  });

  it('without a URL of its own it is told to the target of the name', async () => {
    expect((await happened('sms-min', { name: 'delivered' })).told).toMatchObject([{ target: 'vonage' }]);
    expect((await happened('messages-whatsapp', { name: 'read' })).told).toMatchObject([{ target: 'vonage' }]);
  });

  it.each([['+447700900000', 1], ['447700900000', 1], ['+447700900009', 0]])('happens to %s: %s', async (recipient, count) => {
    expect((await happened('sms-send', { name: 'delivered', recipient })).told).toHaveLength(count);
    expect((await happened('messages-sms', { name: 'delivered', recipient })).told).toHaveLength(count);
    expect((await happened('call-create', { name: 'completed', recipient })).told).toHaveLength(count);
  });

  it.each([['sms-send', 'read'], ['messages-sms', 'expired'], ['call-create', 'delivered'], ['verify-start', 'completed'], ['messages-422', 'delivered']])('nothing to %s that is %s', async (name, event) => {
    expect((await happened(name, { name: event })).told).toEqual([]);
  });

  it('tells nothing of an SMS whose caller wanted no receipt', async () => {
    const { request } = fixtures.find(({ name }) => name === 'sms-form')!;
    const quiet = { ...request, headers: request.headers.filter(([name]) => name !== 'Content-Length'), body: Buffer.concat([request.body, Buffer.from('&status-report-req=false')]) };
    expect((await vonage.simulate(request, vonage.decode(request), memory().context())).callbacks).toHaveLength(1);
    expect((await vonage.simulate(quiet, vonage.decode(quiet), memory().context())).callbacks).toEqual([]);
  });
});
