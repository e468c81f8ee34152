import { describe, expect, it } from 'vitest';
import type { CallbackDraft } from '../../src/model/provider.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { readQuery } from '../../src/providers/sendgrid/query.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

function call(line: string, body?: unknown): HttpRequest {
  return parseHttpFile(Buffer.from(`${line} HTTP/1.1\nHost: api.sendgrid.com\nContent-Type: application/json\n\n${body === undefined ? '' : JSON.stringify(body)}`));
}

interface Answer { readonly status: number; readonly body: unknown; readonly id: string | null; readonly callbacks: readonly CallbackDraft[] }

/** An account at SendGrid: what one call changes, the next one finds. */
function account(): { ask(line: string, body?: unknown, after?: number): Promise<Answer>; kept: ReturnType<typeof memory> } {
  const kept = memory();
  let nth = 0;
  return {
    kept,
    async ask(line, body, after = 0) {
      nth += 1;
      const request = call(line, body);
      const decoded = sendgrid.decode(request);
      if (decoded.kind === 'unrecognized') throw new Error(decoded.why);
      const { reply, remember = [], callbacks = [] } = await sendgrid.simulate(request, decoded, kept.context({ call: nth, now: fixedNow + after }));
      kept.keep(remember);
      const text = Buffer.from(reply.body).toString();
      return { status: reply.status, body: text === '' ? null : JSON.parse(text) as unknown, id: reply.headers.find(([name]) => name === 'X-Message-Id')?.[1] ?? null, callbacks };
    },
  };
}

const mail = (more: object = {}): object => ({
  from: { email: 'shop@ourcompany.test' }, subject: 'Order', content: [{ type: 'text/plain', value: 'x' }], categories: ['order'],
  personalizations: [{ to: [{ email: 'ann@example.test' }], cc: [{ email: 'Bob@example.test' }] }], ...more,
});
const told = (callbacks: readonly CallbackDraft[]): readonly string[] => callbacks.flatMap(({ body }) => (JSON.parse(body) as { event: string; email: string; reason?: string }[]).map(({ event, email, reason }) => `${event} ${email}${reason === undefined ? '' : ` (${reason})`}`));

describe('suppressions at SendGrid', () => {
  it('are added for everybody, found, and taken away again', async () => {
    const { ask } = account();
    expect(await ask('POST /v3/asm/suppressions/global', { recipient_emails: ['Ann@example.test', 'bob@example.test'] })).toMatchObject({ status: 201, body: { recipient_emails: ['ann@example.test', 'bob@example.test'] } });
    expect(await ask('GET /v3/asm/suppressions/global/ann%40example.test')).toMatchObject({ status: 200, body: { recipient_email: 'ann@example.test' } });
    expect((await ask('GET /v3/suppression/unsubscribes?limit=1')).body).toHaveLength(1);
    expect(await ask('GET /v3/suppression/unsubscribes?email=BOB@example.test')).toMatchObject({ body: [{ email: 'bob@example.test', created: Math.floor(fixedNow / 1000) }] });
    expect(await ask('DELETE /v3/asm/suppressions/global/ANN@example.test')).toMatchObject({ status: 204, body: null });
    expect(await ask('GET /v3/asm/suppressions/global/ann@example.test')).toMatchObject({ body: {} });
    expect(await ask('DELETE /v3/asm/suppressions/global/ann@example.test')).toMatchObject({ status: 404 });
  });

  it.each<[string, object, readonly string[]]>([
    ['some', { emails: ['A@example.test'] }, ['b@example.test']],
    ['all', { delete_all: true }, []],
  ])('are deleted: %s', async (_what, body, left) => {
    const { ask, kept } = account();
    for (const email of ['a@example.test', 'b@example.test']) kept.keep([{ kind: 'suppression.bounces', id: email, expectVersion: 0, value: { created: 1, email, reason: '550', status: '5.1.1' } }]);
    expect(await ask('DELETE /v3/suppression/bounces', body)).toMatchObject({ status: 204 });
    expect(((await ask('GET /v3/suppression/bounces')).body as { email: string }[]).map(({ email }) => email)).toEqual(left);
  });

  it('of a group are kept for the group, and shown for the address', async () => {
    const { ask } = account();
    const { id } = (await ask('POST /v3/asm/groups', { name: 'Offers', description: 'Weekly' })).body as { id: number };
    expect(await ask(`POST /v3/asm/groups/${id}/suppressions`, { recipient_emails: ['ann@example.test'] })).toMatchObject({ status: 201 });
    expect(await ask(`GET /v3/asm/groups/${id}/suppressions`)).toMatchObject({ body: ['ann@example.test'] });
    expect(await ask(`POST /v3/asm/groups/${id}/suppressions/search`, { recipient_emails: ['bob@example.test', 'Ann@example.test'] })).toMatchObject({ body: ['ann@example.test'] });
    expect(await ask('GET /v3/asm/suppressions/ann@example.test')).toMatchObject({ body: { suppressions: [{ id, name: 'Offers', suppressed: true }] } });
    expect(await ask('GET /v3/asm/suppressions')).toMatchObject({ body: [{ email: 'ann@example.test', group_id: id, group_name: 'Offers' }] });
    expect(await ask(`DELETE /v3/asm/groups/${id}/suppressions/ann@example.test`)).toMatchObject({ status: 204 });
    expect(await ask('GET /v3/asm/suppressions/ann@example.test')).toMatchObject({ body: { suppressions: [{ suppressed: false }] } });
    expect(await ask(`PATCH /v3/asm/groups/${id}`, { name: 'News' })).toMatchObject({ body: { id, name: 'News', description: 'Weekly' } });
    expect(await ask(`GET /v3/asm/groups?id=${id}`)).toMatchObject({ body: [{ id }] });
    expect(await ask(`DELETE /v3/asm/groups/${id}`)).toMatchObject({ status: 204 });
    expect(await ask('POST /v3/asm/groups', { name: '' })).toMatchObject({ status: 400 });
    expect(await ask('POST /v3/asm/groups/999/suppressions', { recipient_emails: ['a@b.test'] })).toMatchObject({ status: 404 });
  });

  it.each<[string, object, readonly string[]]>([
    ['who is on a list', {}, ['dropped Bob@example.test (Bounced Address)', 'processed ann@example.test', 'delivered ann@example.test']],
    ['but not where the mail goes over all of them', { mail_settings: { bypass_list_management: { enable: true } } }, ['processed ann@example.test', 'processed Bob@example.test', 'delivered ann@example.test', 'delivered Bob@example.test']],
    ['or over this one', { mail_settings: { bypass_bounce_management: { enable: true } } }, ['processed ann@example.test', 'processed Bob@example.test', 'delivered ann@example.test', 'delivered Bob@example.test']],
    ['and who left the group of the mail', { asm: { group_id: 13 }, mail_settings: { bypass_bounce_management: { enable: true } } }, ['dropped ann@example.test (Unsubscribed Address)', 'processed Bob@example.test', 'delivered Bob@example.test']],
  ])('drop a mail for %s', async (_what, more, events) => {
    const { ask, kept } = account();
    kept.keep([
      { kind: 'suppression.bounces', id: 'bob@example.test', expectVersion: 0, value: { created: 1, email: 'bob@example.test' } },
      { kind: 'asm.suppressions', id: '13 ann@example.test', expectVersion: 0, value: { email: 'ann@example.test', group_id: 13, group_name: 'Offers', created_at: 1 }, index: { group: '13', email: 'ann@example.test' } },
    ]);
    expect(told((await ask('POST /v3/mail/send', mail(more))).callbacks)).toEqual(events);
  });
});

describe('templates at SendGrid', () => {
  it('have versions, one of them active, and are what a mail says', async () => {
    const { ask, kept } = account();
    const { id } = (await ask('POST /v3/templates', { name: 'welcome', generation: 'dynamic' })).body as { id: string };
    expect(id).toMatch(/^d-[0-9a-f]{32}$/);
    const first = (await ask(`POST /v3/templates/${id}/versions`, { name: 'v1', subject: 'Old' })).body as { id: string };
    const second = (await ask(`POST /v3/templates/${id}/versions`, { name: 'v2', subject: 'Hi {{name}}', html_content: '<b>{{{order.id}}}</b> {{#if x}}y{{/if}}' })).body as { id: string };
    expect(await ask(`GET /v3/templates/${id}`)).toMatchObject({ body: { versions: [{ id: first.id, active: 0 }, { id: second.id, active: 1 }] } });
    const request = call('POST /v3/mail/send', mail({ template_id: id, subject: undefined, content: undefined, personalizations: [{ to: [{ email: 'ann@example.test' }], dynamic_template_data: { name: 'Ann', order: { id: 42 } } }] }));
    expect(await sendgrid.recalled(request, sendgrid.decode(request), kept.context())).toMatchObject({ effects: [{ recipients: [{ address: 'ann@example.test' }], subject: 'Hi Ann', html: '<b>42</b> {{#if x}}y{{/if}}' }] });
    expect(await ask(`POST /v3/templates/${id}/versions/${first.id}/activate`)).toMatchObject({ status: 200, body: { active: 1 } });
    expect(await ask(`GET /v3/templates/${id}/versions/${second.id}`)).toMatchObject({ body: { active: 0, template_id: id } });
    expect(await ask(`PATCH /v3/templates/${id}/versions/${first.id}`, { subject: 'Older' })).toMatchObject({ body: { subject: 'Older', name: 'v1' } });
    expect(await ask(`DELETE /v3/templates/${id}/versions/${second.id}`)).toMatchObject({ status: 204 });
    expect(await ask(`GET /v3/templates/${id}/versions/${second.id}`)).toMatchObject({ status: 404 });
    expect(await ask(`PATCH /v3/templates/${id}`, { name: 'hello' })).toMatchObject({ body: { id, name: 'hello' } });
    const copy = (await ask(`POST /v3/templates/${id}`, {})).body as { id: string };
    expect(copy).toMatchObject({ name: 'Duplicate: hello', versions: [{ subject: 'Older', template_id: copy.id }] });
    expect(((await ask('GET /v3/templates?generations=dynamic')).body as { result: unknown[] }).result).toHaveLength(2);
    expect(((await ask('GET /v3/templates')).body as { result: unknown[] }).result).toHaveLength(0);
    expect(await ask(`DELETE /v3/templates/${id}`)).toMatchObject({ status: 204 });
    expect(await sendgrid.recalled(request, sendgrid.decode(request), kept.context())).toEqual(sendgrid.decode(request));
  });
});

describe('contacts at SendGrid', () => {
  it('are added, changed, found by address, list and query, and deleted', async () => {
    const { ask } = account();
    const { id: list } = (await ask('POST /v3/marketing/lists', { name: 'Customers' })).body as { id: string };
    const { job_id } = (await ask('PUT /v3/marketing/contacts', { list_ids: [list], contacts: [{ email: 'Ann@example.test', first_name: 'Ann' }, { email: 'bob@example.test' }] })).body as { job_id: string };
    expect(await ask(`GET /v3/marketing/contacts/imports/${job_id}`)).toMatchObject({ body: { status: 'completed', results: { requested_count: 2, created_count: 2 } } });
    await ask('PUT /v3/marketing/contacts', { contacts: [{ email: 'ann@example.test', city: 'Oslo' }] });
    const { result } = (await ask('POST /v3/marketing/contacts/search/emails', { emails: ['ann@example.test', 'eve@example.test'] })).body as { result: Record<string, { contact: { id: string } }> };
    expect(result).toEqual({ 'ann@example.test': { contact: expect.objectContaining({ email: 'ann@example.test', first_name: 'Ann', city: 'Oslo', list_ids: [list] }) } });
    const { id } = result['ann@example.test']!.contact;
    expect(await ask(`GET /v3/marketing/contacts/${id}`)).toMatchObject({ body: { email: 'ann@example.test' } });
    expect(await ask('POST /v3/marketing/contacts/search', { query: "email LIKE 'ann%' AND city = 'oslo'" })).toMatchObject({ body: { contact_count: 1, result: [{ id }] } });
    expect(await ask('POST /v3/marketing/contacts/search', { query: "CONTAINS(list_ids, 'x')" })).toMatchObject({ status: 400, body: { errors: [{ message: expect.stringContaining('none else') }] } });
    expect(await ask('POST /v3/marketing/contacts/batch', { ids: [id] })).toMatchObject({ body: { result: [{ id }] } });
    expect(await ask('GET /v3/marketing/contacts/count')).toMatchObject({ body: { contact_count: 2 } });
    expect(await ask('GET /v3/marketing/lists')).toMatchObject({ body: { result: [{ id: list, contact_count: 2 }] } });
    expect(await ask(`DELETE /v3/marketing/lists/${list}/contacts?contact_ids=${id}`)).toMatchObject({ status: 202 });
    expect(await ask('GET /v3/marketing/lists')).toMatchObject({ body: { result: [{ id: list, contact_count: 1 }] } });
    expect(await ask(`DELETE /v3/marketing/contacts?ids=${id}`)).toMatchObject({ status: 202 });
    expect(await ask(`GET /v3/marketing/contacts/${id}`)).toMatchObject({ status: 404 });
    await ask('DELETE /v3/marketing/contacts?delete_all_contacts=true');
    expect(await ask('GET /v3/marketing/contacts')).toMatchObject({ body: { contact_count: 0, result: [] } });
    expect(await ask('PUT /v3/marketing/contacts', { contacts: [{ first_name: 'Nobody' }] })).toMatchObject({ status: 400 });
  });

  it.each(['DELETE /v3/marketing/contacts', 'DELETE /v3/marketing/contacts?ids=', 'DELETE /v3/marketing/contacts?ids=1&delete_all_contacts=true', 'DELETE /v3/marketing/contacts?ids=1&ids=2'])('are not deleted by %s', (line) => {
    expect(sendgrid.decode(call(line))).toMatchObject({ kind: 'unrecognized' });
  });
});

describe('what is to leave later at SendGrid', () => {
  it('is paused, canceled and let go again by its batch', async () => {
    const { ask } = account();
    const { batch_id } = (await ask('POST /v3/mail/batch')).body as { batch_id: string };
    expect((await ask('POST /v3/mail/send', mail({ batch_id, send_at: Math.floor(fixedNow / 1000) + 3600 }))).callbacks).toEqual([]);
    expect(await ask('POST /v3/user/scheduled_sends', { batch_id, status: 'pause' })).toMatchObject({ status: 201, body: { batch_id, status: 'pause' } });
    expect(await ask('POST /v3/user/scheduled_sends', { batch_id, status: 'pause' })).toMatchObject({ status: 400 });
    expect(await ask(`PATCH /v3/user/scheduled_sends/${batch_id}`, { status: 'cancel' })).toMatchObject({ status: 204 });
    expect(await ask(`GET /v3/user/scheduled_sends/${batch_id}`)).toMatchObject({ body: [{ batch_id, status: 'cancel' }] });
    expect(await ask(`DELETE /v3/user/scheduled_sends/${batch_id}`)).toMatchObject({ status: 204 });
    expect(await ask(`GET /v3/user/scheduled_sends/${batch_id}`)).toMatchObject({ body: [] });
    expect(await ask('POST /v3/user/scheduled_sends', { batch_id: 'other', status: 'cancel' })).toMatchObject({ status: 400 });
    expect(await ask('POST /v3/user/scheduled_sends', { batch_id, status: 'stop' })).toMatchObject({ status: 400 });
  });
});

describe('senders at SendGrid', () => {
  it('are remembered unverified, renamed and deleted', async () => {
    const { ask } = account();
    const { id } = (await ask('POST /v3/verified_senders', { nickname: 'Orders', from_email: 'orders@ourcompany.test' })).body as { id: number };
    expect(await ask(`PATCH /v3/verified_senders/${id}`, { nickname: 'Shop' })).toMatchObject({ body: { id, nickname: 'Shop', from_email: 'orders@ourcompany.test', verified: false } });
    expect(await ask('GET /v3/verified_senders')).toMatchObject({ body: { results: [{ id }] } });
    expect(await ask('GET /v3/verified_senders/steps_completed')).toMatchObject({ body: { results: { sender_verified: true } } });
    expect(await ask(`DELETE /v3/verified_senders/${id}`)).toMatchObject({ status: 204 });
    expect(await ask('GET /v3/verified_senders')).toMatchObject({ body: { results: [] } });
    const sender = (await ask('POST /v3/senders', { nickname: 'x', from: { email: 'news@ourcompany.test' } })).body as { id: number };
    expect(await ask(`GET /v3/senders/${sender.id}`)).toMatchObject({ body: { from: { email: 'news@ourcompany.test' }, verified: { status: false } } });
  });
});

describe('the activity at SendGrid', () => {
  it('tells of what was sent, to each recipient, as time goes by', async () => {
    const { ask } = account();
    const { id } = await ask('POST /v3/mail/send', mail());
    const list = async (query: string, after = 0): Promise<unknown[]> => ((await ask(`GET /v3/messages?limit=10&query=${encodeURIComponent(query)}`, undefined, after)).body as { messages: unknown[] }).messages;
    expect(await list('subject="Order"')).toMatchObject([{ to_email: 'ann@example.test', from_email: 'shop@ourcompany.test', status: 'processed', opens_count: 0 }, { to_email: 'Bob@example.test' }]);
    expect(await list('to_email="bob@example.test" AND status="delivered"', 1000)).toMatchObject([{ msg_id: `${id}.filter0001p1.0.1`, to_email: 'Bob@example.test', last_event_time: '2026-11-21T09:00:01Z' }]);
    expect(await list('last_event_time BETWEEN TIMESTAMP "2026-11-20T00:00:00Z" AND TIMESTAMP "2026-11-20T23:59:59Z"')).toEqual([]);
    expect(await ask(`GET /v3/messages/${id}.filter0001p1.0.0`, undefined, 1000)).toMatchObject({ status: 200, body: { to_email: 'ann@example.test', status: 'delivered', categories: ['order'], events: [{ event_name: 'processed' }, { event_name: 'delivered' }] } });
    expect(await ask(`GET /v3/messages/${id}.filter0001p1.0.7`)).toMatchObject({ status: 404 });
    expect(await ask('GET /v3/messages?query=what%20ever')).toMatchObject({ status: 400 });
  });

  it('tells of what a test made happen, to whom it happened', async () => {
    const { ask, kept } = account();
    const request = call('POST /v3/mail/send', mail());
    const context = kept.context();
    const { reply, remember = [] } = await sendgrid.simulate(request, sendgrid.decode(request), context);
    kept.keep(remember);
    const past = { request, reply, decoded: sendgrid.decode(request) };
    for (const [name, recipient] of [['bounce', 'Bob@example.test'], ['open', 'ann@example.test']] as const) {
      kept.keep((await sendgrid.later({ name, recipient, detail: null }, past, kept.context({ now: fixedNow + 5000, call: 2 }))).remember ?? []);
    }
    const { messages } = (await ask('GET /v3/messages', undefined, 6000)).body as { messages: unknown[] };
    expect(messages).toMatchObject([{ to_email: 'ann@example.test', status: 'delivered', opens_count: 1 }, { to_email: 'Bob@example.test', status: 'not_delivered', opens_count: 0 }]);
  });
});

describe('a query', () => {
  const ann = { email: 'ann@example.test', city: 'Oslo' };
  it.each<[string, boolean]>([
    ['email = "ann@example.test"', true], ["primary_email='ANN@example.test'", true], ['email LIKE "%@example.test"', true], ['email LIKE "a%n@%.test"', true], ['email LIKE "%b%"', false],
    ['email LIKE "ann@example.test%ann@example.test"', false], ['email = "ann@example.test" AND city = "Bergen"', false], ['(city = "oslo")', true], ['zip = "1"', false],
  ])('%s', (text, expected) => {
    const query = readQuery(text);
    expect('kind' in query ? query.why : query.match(ann)).toBe(expected);
  });

  it.each(['', 'email', 'email = ann', 'email = "a" OR city = "b"', 'CONTAINS(list_ids, "x")', `email = "${'a'.repeat(3000)}"`])('is refused rather than answered with the wrong people: %.40s', (text) => {
    expect(readQuery(text)).toMatchObject({ kind: 'unreadable' });
  });
});
