import { describe, expect, it } from 'vitest';
import type { LaterEvent } from '../../src/model/provider.ts';
import { messagebird } from '../../src/providers/messagebird/index.ts';
import { httpFixtures } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const fixtures = httpFixtures('messagebird');

async function happened(name: string, event: Partial<LaterEvent> & { readonly name: string }) {
  const { request } = fixtures.find((one) => one.name === name)!;
  const decoded = messagebird.decode(request);
  const kept = memory();
  const { reply, remember } = await messagebird.simulate(request, decoded, kept.context());
  kept.keep(remember ?? []);
  const after = await messagebird.later({ recipient: null, detail: null, ...event }, { request, decoded, reply }, kept.context({ call: 2 }));
  kept.keep(after.remember ?? []);
  const { id } = JSON.parse(Buffer.from(reply.body).toString()) as { readonly id: string };
  const read = { ...request, method: 'GET', path: `${request.path}/${id}`, headers: [], body: new Uint8Array() };
  const shown = await messagebird.simulate(read, messagebird.decode(read), kept.context({ call: 3 }));
  return {
    told: (after.callbacks ?? []).map(({ target, body }) => ({ target, ...Object.fromEntries(new URLSearchParams(body)) })),
    shown: JSON.parse(Buffer.from(shown.reply.body).toString()) as unknown,
  };
}

describe('what happens to a call of MessageBird later', () => {
  it.each([
    ['delivery_failed', null, 'unknown subscriber', '1'], ['delivery_failed', '27', 'unknown subscriber', '27'], ['delivery_failed', 'switched off', 'switched off', '1'], ['expired', null, 'expired', ''],
    ['delivered', null, 'successfully delivered', ''], ['buffered', null, 'pending DLR', ''],
  ])('a text is %s (%s)', async (status, detail, statusReason, statusErrorCode) => {
    const { told } = await happened('message-create', { name: status, detail });
    expect(told).toMatchObject(['31600000000', '31600000001'].map((recipient) => ({ target: 'https://app.example.com/dlr', reference: 'r1', recipient, status, statusReason, statusErrorCode })));
  });

  it('to one of its recipients, who is read back so', async () => {
    const { told, shown } = await happened('message-create', { name: 'delivery_failed', recipient: '+31600000001' });
    expect(told).toMatchObject([{ recipient: '31600000001' }]);
    expect(shown).toMatchObject({ recipients: { totalDeliveryFailedCount: 1, items: [{ status: 'sent' }, { recipient: 31600000001, status: 'delivery_failed' }] } });
  });

  it('without a URL of its own it is told to the target of the name', async () => {
    expect((await happened('message-form', { name: 'delivered' })).told).toMatchObject([{ target: 'messagebird', reference: 'order-42' }, {}]);
  });

  it.each(['message-min', 'voicemessage', 'mms'])('tells nothing of %s, which has no reference or no reports, but keeps it', async (name) => {
    const event = name === 'voicemessage' ? 'busy' : 'delivery_failed';
    const { told, shown } = await happened(name, { name: event });
    expect(told).toEqual([]);
    expect(shown).toMatchObject({ recipients: { items: [{ status: event }] } });
  });

  it.each([['message-create', 'answered'], ['voicemessage', 'delivered']])('nothing to %s that is %s', async (name, event) => {
    expect((await happened(name, { name: event })).shown).not.toMatchObject({ recipients: { items: [{ status: event }] } });
  });
});
