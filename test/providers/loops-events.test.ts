import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { loops } from '../../src/providers/loops/index.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';
import { parseHttpFile } from '../support/http-file.ts';

const post = (path: string, body: object): HttpRequest => parseHttpFile(Buffer.from(`POST ${path} HTTP/1.1\nHost: app.loops.so\nAuthorization: Bearer key\nContent-Type: application/json\n\n${JSON.stringify(body)}`));
const mail = post('/api/v1/transactional', { transactionalId: 'cm-order', email: 'ann@example.test', dataVariables: { cc: 'boss@example.test' } });
const contact = post('/api/v1/contacts/create', { email: 'ann@example.test', userId: 'u-1', plan: 'pro', mailingLists: { l1: true, l2: false } });

async function told(request: HttpRequest, name: string, recipient: string | null = null): Promise<readonly Record<string, unknown>[]> {
  const decoded = loops.decode(request);
  const { reply } = await loops.simulate(request, decoded, memory().context());
  const { callbacks = [] } = await loops.later({ name, recipient, detail: null }, { request, decoded, reply }, memory().context());
  for (const { target, headers } of callbacks) {
    expect(target).toBe('loops');
    expect(headers).toEqual([['Webhook-Id', expect.stringMatching(/^msg_[A-Za-z0-9]{27}$/)]]);
  }
  return callbacks.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

describe('what Loops tells later', () => {
  it.each(['email.softBounced', 'email.hardBounced', 'email.spamReported'])('%s of a transactional mail, about whom it was sent to', async (eventName) => {
    const expected = { eventName, eventTime: Math.floor(fixedNow / 1000), webhookSchemaVersion: '1.0.0', sourceType: 'transactional', transactionalId: 'cm-order', contactIdentity: { email: 'ann@example.test' }, email: { subject: '' } };
    expect(await told(mail, eventName)).toMatchObject([expected]);
    expect(await told(mail, eventName, 'ann@example.test')).toMatchObject([expected]);
    expect(await told(mail, eventName, 'eve@example.test')).toEqual([]);
  });

  it('nothing of opens and clicks, which are not tracked in transactional mail', async () => {
    for (const name of ['email.opened', 'email.clicked', 'email.unsubscribed']) {
      expect(loops.events).not.toContain(name);
      expect(await told(mail, name)).toEqual([]);
    }
  });

  it('a contact as it was created, and that it is unsubscribed', async () => {
    expect(await told(contact, 'contact.created')).toMatchObject([{ contactIdentity: { email: 'ann@example.test', userId: 'u-1' }, contact: { email: 'ann@example.test', plan: 'pro', subscribed: true, mailingLists: { l1: true } } }]);
    expect(await told(contact, 'contact.unsubscribed')).toMatchObject([{ eventName: 'contact.unsubscribed' }]);
    expect(await told(contact, 'email.delivered')).toEqual([]);
  });

  it('nothing of an event, whose workflows are not known', async () => {
    expect(await told(post('/api/v1/events/send', { email: 'ann@example.test', eventName: 'x' }), 'email.delivered')).toEqual([]);
  });
});
