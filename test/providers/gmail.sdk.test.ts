import { auth, gmail as client } from '@googleapis/gmail';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gmail } from '../../src/providers/gmail/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const mail = 'From: shop@ourcompany.test\r\nTo: Ann <ann@example.test>\r\nBcc: bob@example.test\r\nSubject: Order 42\r\nX-Order-Id: o-42\r\n\r\nThank you';
const raw = Buffer.from(mail).toString('base64url');

describe('@googleapis/gmail', () => {
  let vendor: VendorServer;
  let users: ReturnType<typeof client>['users'];
  let rootUrl: string;

  beforeAll(async () => {
    vendor = await serveVendor(gmail, 'gmail.googleapis.com');
    rootUrl = `http://127.0.0.1:${vendor.port}/`;
    // With a refresh token and no expiry: then the library fetches a new token and tries again on 401 and 403.
    const credential = new auth.OAuth2({ clientId: 'staging', clientSecret: 'fake', endpoints: { oauth2TokenUrl: `${rootUrl}oauth2/v4/token` } });
    credential.setCredentials({ access_token: 'fake-access-token', refresh_token: 'fake-refresh-token' });
    users = client({ version: 'v1', auth: credential, rootUrl }).users;
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves on a captured mail with an id that reads it back', async () => {
    const { data } = await users.messages.send({ userId: 'me', requestBody: { raw, threadId: 't1' } });
    expect(data).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/), threadId: 't1', labelIds: ['SENT'] });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{
      subject: 'Order 42', text: 'Thank you', keys: [{ name: 'order_id', value: 'o-42' }], recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'bcc' }],
    }] });
    const read = await users.messages.get({ userId: 'me', id: data.id!, format: 'full' });
    expect(read.data.payload).toMatchObject({ mimeType: 'text/plain', headers: expect.arrayContaining([{ name: 'Subject', value: 'Order 42' }]), body: { data: Buffer.from('Thank you').toString('base64url') } });
    expect((await users.messages.list({ userId: 'me', labelIds: ['SENT'] })).data.messages).toEqual([{ id: data.id, threadId: 't1' }]);
  });

  it.each([['by media', undefined], ['with JSON before it', { threadId: 't2' }]])('resolves on an upload %s', async (_how, requestBody) => {
    const { data } = await users.messages.send({ userId: 'me', ...(requestBody === undefined ? {} : { requestBody }), media: { mimeType: 'message/rfc822', body: mail } }, { rootUrl });
    expect(data.labelIds).toEqual(['SENT']);
    expect(vendor.calls.at(-1)).toMatchObject({ request: { path: '/upload/gmail/v1/users/me/messages/send' }, decoded: { effects: [{ subject: 'Order 42', recipients: [{ address: 'ann@example.test' }, { address: 'bob@example.test' }] }] } });
  });

  it('writes, changes and sends a draft by its id, once', async () => {
    const { data: draft } = await users.drafts.create({ userId: 'me', requestBody: { message: { raw } } });
    await users.drafts.update({ userId: 'me', id: draft.id!, requestBody: { message: { raw: Buffer.from(mail.replace('42', '43')).toString('base64url') } } });
    expect((await users.drafts.list({ userId: 'me' })).data.drafts).toMatchObject([{ id: draft.id }]);
    expect((await users.drafts.get({ userId: 'me', id: draft.id!, format: 'raw' })).data.message?.labelIds).toEqual(['DRAFT']);
    const { data: sent } = await users.drafts.send({ userId: 'me', requestBody: { id: draft.id! } });
    const read = await users.messages.get({ userId: 'me', id: sent.id!, format: 'raw' });
    expect(Buffer.from(read.data.raw!, 'base64url').toString()).toContain('Subject: Order 43');
    await expect(users.drafts.send({ userId: 'me', requestBody: { id: draft.id! } })).rejects.toMatchObject({ status: 404, message: 'Requested entity was not found.' });
  });

  it('asks whose mailbox it is', async () => {
    expect((await users.getProfile({ userId: 'me' })).data.emailAddress).toBe('staging@example.com');
  });

  it('rejects with its own GaxiosError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await users.messages.send({ userId: 'me', requestBody: { raw } }).catch((thrown: unknown) => thrown);
    expect((error as Error).constructor.name).toBe('GaxiosError');
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });
});
