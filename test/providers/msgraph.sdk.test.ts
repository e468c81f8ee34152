import { Client, GraphError } from '@microsoft/microsoft-graph-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { msgraph } from '../../src/providers/msgraph/index.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const message = {
  subject: 'Order 42', body: { contentType: 'HTML', content: '<b>Thank you</b>' },
  toRecipients: [{ emailAddress: { address: 'ann@example.test' } }], ccRecipients: [{ emailAddress: { address: 'bob@example.test' } }],
};

describe('@microsoft/microsoft-graph-client', () => {
  let vendor: VendorServer;
  let graph: Client;

  beforeAll(async () => {
    vendor = await serveVendor(msgraph, 'graph.microsoft.com');
    graph = Client.init({ baseUrl: `http://127.0.0.1:${vendor.port}/`, authProvider: (done) => done(null, 'token') });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves on a captured mail, which is then among the sent ones', async () => {
    await graph.api('/me/sendMail').post({ message });
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ subject: 'Order 42', html: '<b>Thank you</b>', recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'cc' }] }] });
    const sent = await graph.api('/me/mailFolders/sentitems/messages').get() as { value: { subject: string; isDraft: boolean }[] };
    expect(sent.value).toMatchObject([{ subject: 'Order 42', isDraft: false }]);
  });

  it('resolves on a whole mail in base64', async () => {
    await graph.api('/users/shop@ourcompany.test/sendMail').header('Content-Type', 'text/plain').post(Buffer.from('To: ann@example.test\r\nSubject: s\r\n\r\nhi').toString('base64'));
    expect(vendor.calls.at(-1)?.decoded).toMatchObject({ effects: [{ subject: 's', text: 'hi', from: 'shop@ourcompany.test', recipients: [{ address: 'ann@example.test' }] }] });
  });

  it('writes, changes, fills and sends a draft by its id, once', async () => {
    const draft = await graph.api('/me/messages').post(message) as { id: string; isDraft: boolean };
    expect(draft).toMatchObject({ isDraft: true, subject: 'Order 42' });
    expect(await graph.api(`/me/messages/${draft.id}`).patch({ subject: 'Order 43' })).toMatchObject({ id: draft.id, subject: 'Order 43', toRecipients: message.toRecipients });
    const file = await graph.api(`/me/messages/${draft.id}/attachments`).post({ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt', contentType: 'text/plain', contentBytes: 'aGVsbG8=' }) as { id: string };
    expect(await graph.api(`/me/messages/${draft.id}/attachments/${file.id}`).get()).toMatchObject({ name: 'a.txt', contentBytes: 'aGVsbG8=' });
    await graph.api(`/me/messages/${draft.id}/send`).post({});
    expect(await graph.api(`/me/messages/${draft.id}`).get()).toMatchObject({ subject: 'Order 43', isDraft: false, hasAttachments: true });
    await expect(graph.api(`/me/messages/${draft.id}/send`).post({})).rejects.toMatchObject({ statusCode: 404, code: 'ErrorItemNotFound' });
  });

  it('posts into a channel and finds it there', async () => {
    const { id } = await graph.api('/teams/t1/channels/19:c1@thread.tacv2/messages').post({ body: { content: 'Order 42' } }) as { id: string };
    expect(await graph.api('/teams/t1/channels/19:c1@thread.tacv2/messages').get()).toMatchObject({ value: [{ id, body: { content: 'Order 42' } }] });
    expect(await graph.api('/chats/19:x@thread.v2/messages').get()).toMatchObject({ value: [] });
  });

  it('asks who it is', async () => {
    expect(await graph.api('/me').select('mail').get()).toMatchObject({ mail: 'staging@example.com' });
    expect(await graph.api('/users/ann@example.test').get()).toMatchObject({ mail: 'ann@example.test' });
  });

  it('rejects with its own GraphError, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const error: unknown = await graph.api('/me/sendMail').post({ message }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraphError);
    expect(error).toMatchObject({ statusCode: 403, code: 'ErrorAccessDenied', message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });
});
