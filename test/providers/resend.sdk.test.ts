import { Resend } from 'resend';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resend as provider } from '../../src/providers/resend/index.ts';
import { memory } from '../support/simulation-context.ts';
import { serveVendor } from '../support/vendor-server.ts';
import type { VendorServer } from '../support/vendor-server.ts';

const mail = { from: 'Shop <shop@ourcompany.test>', to: 'ann@example.test', subject: 'Order 42', text: 'Thank you' };
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('resend', () => {
  let vendor: VendorServer;
  let client: Resend;

  beforeAll(async () => {
    vendor = await serveVendor(provider, 'api.resend.com');
    client = new Resend('re_test', { baseUrl: `http://127.0.0.1:${vendor.port}` });
  });
  afterAll(() => vendor.close());
  afterEach(() => vendor.refuse(null));

  it('resolves with an id that finds the mail again, sent and then delivered', async () => {
    const { data, error } = await client.emails.send({ ...mail, cc: ['Bob <bob@example.test>'], tags: [{ name: 'order', value: 'o-42' }] });
    expect(error).toBeNull();
    expect(data!.id).toMatch(uuid);
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{
      subject: 'Order 42', text: 'Thank you', keys: [{ name: 'order', value: 'o-42' }],
      recipients: [{ address: 'ann@example.test', role: 'to' }, { address: 'bob@example.test', role: 'cc' }],
    }] });
    expect((await client.emails.get(data!.id)).data).toMatchObject({ object: 'email', id: data!.id, to: ['ann@example.test'], subject: 'Order 42', last_event: 'sent', scheduled_at: null });
    vendor.pass(2_000);
    expect((await client.emails.get(data!.id)).data).toMatchObject({ last_event: 'delivered' });
    expect((await client.emails.list({ limit: 5 })).data).toMatchObject({ object: 'list', data: expect.arrayContaining([expect.objectContaining({ id: data!.id })]) });
    expect((await client.emails.get('49a3999c-0ce1-4ea6-ab68-afcd6dc2e794')).error).toMatchObject({ name: 'not_found', statusCode: 404 });
  });

  it('gives each mail of a batch an id, and tells of the bad ones when asked to be permissive', async () => {
    const { data } = await client.batch.send([mail, { ...mail, to: 'bob@example.test' }]);
    expect(data!.data.map(({ id }) => uuid.test(id))).toEqual([true, true]);
    const strict = await client.batch.send([mail, { ...mail, to: 'nobody' }]);
    expect(strict.error).toMatchObject({ name: 'validation_error', statusCode: 422 });
    const permissive = await client.batch.send([mail, { ...mail, to: 'nobody' }], { batchValidation: 'permissive' });
    expect(permissive.data).toMatchObject({ data: [{ id: expect.stringMatching(uuid) }], errors: [{ index: 1, message: expect.stringContaining('`to`') }] });
  });

  it('answers the same to the same idempotency key, and refuses it for another mail until a day has passed', async () => {
    const [first, again] = [await client.emails.send(mail, { idempotencyKey: 'order/42' }), await client.emails.send(mail, { idempotencyKey: 'order/42' })];
    expect(again.data).toEqual(first.data);
    expect((await client.emails.send({ ...mail, text: 'other' }, { idempotencyKey: 'order/42' })).error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
    vendor.pass(24 * 3600 * 1000);
    expect((await client.emails.send({ ...mail, text: 'other' }, { idempotencyKey: 'order/42' })).data!.id).not.toBe(first.data!.id);
    expect((await client.emails.send(mail, { idempotencyKey: 'x'.repeat(257) })).error).toMatchObject({ statusCode: 400, name: 'invalid_idempotency_key' });
  });

  it('moves and cancels a scheduled mail, and nothing else', async () => {
    const { data } = await client.emails.send({ ...mail, scheduledAt: 'in 1 hour' });
    const id = data!.id;
    expect((await client.emails.get(id)).data).toMatchObject({ last_event: 'scheduled' });
    expect((await client.emails.update({ id, scheduledAt: '2027-01-01T00:00:00.000Z' })).data).toEqual({ object: 'email', id });
    expect((await client.emails.get(id)).data).toMatchObject({ scheduled_at: '2027-01-01T00:00:00.000Z' });
    expect((await client.emails.cancel(id)).data).toEqual({ object: 'email', id });
    expect((await client.emails.get(id)).data).toMatchObject({ last_event: 'canceled' });
    expect((await client.emails.cancel(id)).error).toMatchObject({ statusCode: 422 });
  });

  it('keeps contacts, segments, broadcasts and templates', async () => {
    const segment = await client.segments.create({ name: 'Customers' });
    const contact = await client.contacts.create({ email: 'ann@example.test', firstName: 'Ann' });
    expect((await client.contacts.get({ email: 'ann@example.test' })).data).toMatchObject({ id: contact.data!.id, first_name: 'Ann', unsubscribed: false });
    const broadcast = await client.broadcasts.create({ segmentId: segment.data!.id, from: mail.from, subject: 'News', html: '<p>Hi</p>' });
    expect(vendor.calls.at(-1)!.decoded).toMatchObject({ effects: [{ recipients: [{ kind: 'audience', address: `segment ${segment.data!.id}` }] }] });
    expect((await client.broadcasts.send(broadcast.data!.id)).data).toEqual({ id: broadcast.data!.id });
    expect((await client.broadcasts.get(broadcast.data!.id)).data).toMatchObject({ object: 'broadcast', status: 'sent' });
    const template = await client.templates.create({ name: 'welcome', html: '<p>Hi</p>' }).publish();
    expect((await client.templates.get(template.data!.id)).data).toMatchObject({ name: 'welcome', status: 'published' });
    expect((await client.contacts.remove({ email: 'ann@example.test' })).data).toMatchObject({ contact: contact.data!.id, deleted: true });
    expect((await client.contacts.get(contact.data!.id)).error).toMatchObject({ name: 'not_found' });
    expect((await client.domains.list()).data).toEqual({ object: 'list', has_more: false, data: [] });
  });

  it("says in Resend's words what is missing", async () => {
    expect((await client.emails.send({ from: mail.from, to: mail.to, text: 'x' } as unknown as typeof mail)).error).toEqual({ statusCode: 422, name: 'missing_required_field', message: 'Missing `subject` field.' });
    expect((await client.emails.send({ ...mail, to: 'nobody' })).error).toMatchObject({ name: 'validation_error', message: expect.stringContaining('Invalid `to` field') });
  });

  it('hands out its own error, holding rule and reason, after exactly one attempt', async () => {
    vendor.refuse({ rule: 'no-real-people', reason: 'ann is a real person' });
    const before = vendor.calls.length;
    const { data, error } = await client.emails.send(mail);
    expect(data).toBeNull();
    expect(error).toMatchObject({ name: 'validation_error', statusCode: 403, message: expect.stringContaining('no-real-people: ann is a real person') });
    expect(vendor.calls.length - before).toBe(1);
  });

  it('tells of sent and delivered by webhooks that the SDK itself verifies', async () => {
    const before = vendor.callbacks.length;
    const { data } = await client.emails.send({ ...mail, tags: [{ name: 'order', value: 'o-42' }] });
    const drafts = vendor.callbacks.slice(before);
    expect(drafts.map(({ target, object, event }) => [target, object, event])).toEqual([['resend', data!.id, 'email.sent'], ['resend', data!.id, 'email.delivered']]);
    const secret = `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}`;
    // The verifier has the real clock, and takes five minutes either way.
    for (const draft of drafts) {
      const signed = provider.sign({ ...draft, url: 'https://shop.test/hooks' }, secret, Date.now());
      const headers = Object.fromEntries(signed.headers);
      const given = { id: headers['svix-id']!, timestamp: headers['svix-timestamp']!, signature: headers['svix-signature']! };
      expect(client.webhooks.verify({ payload: signed.body, headers: given, webhookSecret: secret })).toMatchObject({ type: draft.event, data: { email_id: data!.id, to: ['ann@example.test'], tags: { order: 'o-42' } } });
      expect(() => client.webhooks.verify({ payload: `${signed.body} `, headers: given, webhookSecret: secret })).toThrow('No matching signature');
    }
    expect(() => provider.sign({ ...drafts[0]!, url: 'https://shop.test/hooks' }, 'secret', 0)).toThrow(/right is 'whsec_'/);
  });
});

describe('what happens later to a mail of Resend', () => {
  const request = (body: unknown, path = '/emails') => ({
    kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.resend.com', port: 443 }, path, query: null, version: '1.1',
    headers: [['Content-Type', 'application/json']], trailers: [], body: Buffer.from(JSON.stringify(body)),
  }) as const;

  it.each<[string, string | null, object]>([
    ['email.delivered', null, {}],
    ['email.delivery_delayed', null, {}],
    ['email.complained', null, {}],
    ['email.opened', null, {}],
    ['email.bounced', '550 5.1.1 no such user', { bounce: { message: '550 5.1.1 no such user', subType: 'General', type: 'Permanent' } }],
    ['email.clicked', null, { click: { link: 'https://shop.test/orders/42' } }],
    ['email.failed', 'the domain is not verified', { failed: { reason: 'the domain is not verified' } }],
    ['email.suppressed', null, { suppressed: { type: 'OnAccountSuppressionList' } }],
  ])('%s', async (name, detail, expected) => {
    const kept = memory();
    const call = request([{ ...mail, html: '<a href="https://shop.test/orders/42">Order</a>' }, { ...mail, to: ['bob@example.test'] }], '/emails/batch');
    const decoded = provider.decode(call);
    const { reply, remember } = await provider.simulate(call, decoded, kept.context());
    kept.keep(remember!);
    const { data } = JSON.parse(Buffer.from(reply.body).toString()) as { data: { id: string }[] };
    const outcome = await provider.later({ name, recipient: 'Ann@example.test', detail }, { request: call, decoded, reply }, kept.context({ call: 2 }));
    expect(outcome.callbacks!.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([{ type: name, data: { email_id: data[0]!.id, to: ['Ann@example.test'], ...expected } }]);
    kept.keep(outcome.remember!);
    expect((await kept.context().recall('email', data[0]!.id))!.value).toMatchObject({ event: name.slice('email.'.length) });
    expect(await provider.later({ name, recipient: null, detail }, { request: call, decoded, reply }, kept.context({ call: 3 }))).toMatchObject({ callbacks: [{ object: data[0]!.id }, { object: data[1]!.id }] });
  });

  it('is nothing for somebody else, an event Resend does not have, or a call that sent nothing', async () => {
    const kept = memory();
    const call = request(mail);
    const decoded = provider.decode(call);
    const { reply, remember } = await provider.simulate(call, decoded, kept.context());
    kept.keep(remember!);
    expect(await provider.later({ name: 'email.bounced', recipient: 'eve@example.test', detail: null }, { request: call, decoded, reply }, kept.context())).toEqual({ remember: [], callbacks: [] });
    expect(await provider.later({ name: 'bounced', recipient: null, detail: null }, { request: call, decoded, reply }, kept.context())).toEqual({});
    expect(await provider.later({ name: 'email.bounced', recipient: null, detail: null }, { request: call, decoded: { kind: 'read', operation: 'emails.get', liveness: 'unknown' }, reply }, kept.context())).toEqual({});
    // It is answered with the id of a mail, too.
    const { id } = JSON.parse(Buffer.from(reply.body).toString()) as { id: string };
    const cancel = request({}, `/emails/${id}/cancel`);
    expect(await provider.later({ name: 'email.bounced', recipient: null, detail: null }, { request: cancel, decoded: provider.decode(cancel), reply }, kept.context())).toEqual({});
  });
});
