import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { Delivery, Remember } from '../../src/model/provider.ts';
import { mandrill } from '../../src/providers/mandrill/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

const message = { from_email: 'shop@ourcompany.test', to: [{ email: 'ann@example.test' }], subject: 'Order 42', text: 'Thank you' };

function call(path: string, body: object, { method = 'POST', type = 'application/json' } = {}): HttpRequest {
  return parseHttpFile(Buffer.from([`${method} ${path} HTTP/1.1`, 'Host: mandrillapp.com', `Content-Type: ${type}`, '', JSON.stringify({ key: 'md-test', ...body })].join('\n')));
}

const send = (more: object = {}, beside: object = {}): HttpRequest => call('/api/1.3/messages/send', { message: { ...message, ...more }, ...beside });
const bodyOf = (reply: HttpResponse): unknown => JSON.parse(Buffer.from(reply.body).toString('utf8'));

interface Event { readonly event: string; readonly _id: string; readonly ts: number; readonly msg: Readonly<Record<string, unknown>> }
/** As a receiver reads it: a form with one field, a list of events. */
const eventsIn = (callbacks: readonly { readonly body: string }[] = []): readonly Event[] => callbacks.flatMap(({ body }) => JSON.parse(new URLSearchParams(body).get('mandrill_events') ?? '') as readonly Event[]);

function account() {
  const kept = memory();
  let calls = 0;
  return {
    async answer(request: HttpRequest) {
      const simulation = await mandrill.simulate(request, mandrill.decode(request), kept.context({ call: ++calls }));
      kept.keep(simulation.remember ?? []);
      return simulation;
    },
    async later(name: string, request: HttpRequest, reply: HttpResponse, { recipient = null, detail = null }: { readonly recipient?: string | null; readonly detail?: string | null } = {}) {
      const consequences = await mandrill.later({ name, recipient, detail }, { request, decoded: mandrill.decode(request), reply }, kept.context({ call: ++calls, now: fixedNow + 60_000 }));
      kept.keep(consequences.remember ?? []);
      return consequences;
    },
  };
}

describe("Mandrill's paths", () => {
  it.each(['1.0', '1.1', '1.2', '1.3', '1.4'].flatMap((version) => ['', '.json'].map((end) => `/api/${version}/messages/send${end}`)))('%s sends', (path) => {
    expect(mandrill.decode(call(path, { message }))).toMatchObject({ kind: 'effects', effects: [{ operation: 'messages.send', liveness: 'unknown' }] });
  });

  it.each([
    '/api/1.5/messages/send', '/api/1.3/messages/send.xml', '/api/1.3/messages/send.php', '/api/1.3/messages/send.yaml', '/api/1.3/messages/send.json.json', '/api/1.3/messages/send/', '/api/1.3//messages/send', '/api/1.3/Messages/Send',
    '/api/1.3/messages/./send', '/api/1.3/messages%2Fsend', '/api/1.3/messages/send?async=true', '/1.3/messages/send', '/api/1.3/messages/send-sms', '/api/1.3/inbound/send-raw', '/api/1.3/messages/search', '/api/1.3/constructor/prototype',
    '/api/1.3/templates/publish', '/api/1.3/webhooks/add', '/api/1.3/exports/activity', '/api/1.3/subaccounts/add', '/api/1.3/allowlists/add',
  ])('%s is not simulated', (path) => {
    expect(mandrill.decode(call(path, { message })).kind).toBe('unrecognized');
  });

  it('nothing but a POST of JSON is taken, whatever asks for another', () => {
    expect(mandrill.decode(call('/api/1.3/users/ping', {}, { method: 'GET' })).kind).toBe('unrecognized');
    expect(mandrill.decode(call('/api/1.3/users/ping', {}, { type: 'text/plain' })).kind).toBe('unrecognized');
    const override = call('/api/1.3/rejects/list', {});
    expect(mandrill.decode({ ...override, headers: [...override.headers, ['X-HTTP-Method-Override', 'DELETE']] }).kind).toBe('unrecognized');
  });

  it('one account is told from another by the key in the body', () => {
    expect(mandrill.account(send())).toBe('md-test');
    expect(mandrill.account(call('/api/1.3/users/ping', { key: '' }))).toBeNull();
  });
});

describe('whom a Mandrill message reaches', () => {
  const reached = (more: object, beside: object = {}): unknown => {
    const decoded = mandrill.decode(send(more, beside));
    return decoded.kind === 'effects' ? decoded.effects.map(({ recipients }) => recipients.map(({ role, address }) => `${role} ${address}`)) : decoded.kind;
  };

  it.each<readonly [string, object, unknown]>([
    ['every type, an unknown one among them', { to: [{ email: 'a@x.test', type: 'cc' }, { email: ' b@x.test ', type: 'bcc' }, { email: 'c@x.test', type: 'reply' }] }, [['cc a@x.test', 'bcc b@x.test', 'to c@x.test']]],
    ['a copy of every mail', { bcc_address: 'archive@x.test' }, [['to ann@example.test', 'bcc_address archive@x.test']]],
    ['copies that are a list', { bcc_address: 'a@x.test, b@x.test' }, [['to ann@example.test', 'bcc_address a@x.test', 'bcc_address b@x.test']]],
    ['a copy without a recipient', { to: [], bcc_address: 'archive@x.test' }, [['bcc_address archive@x.test']]],
    ['nobody', { to: [] }, 'unrecognized'],
    ['no list', { to: 'ann@example.test' }, 'unrecognized'],
    ['an entry without an address', { to: [{ email: 'a@x.test' }, { name: 'b@x.test' }] }, 'unrecognized'],
    ['an entry with a look-alike', { to: [{ email: 'a@x.test', Email: 'b@x.test' }] }, 'unrecognized'],
    ['copies that are no list', { bcc_address: `a@x.test${' '.repeat(500)}; b@x.test` }, [['to ann@example.test', `bcc_address a@x.test${' '.repeat(492)} …`]]],
    ['copies that are no text', { bcc_address: ['b@x.test'] }, 'unrecognized'],
    ['a look-alike of bcc_address', { bccAddress: 'b@x.test' }, 'unrecognized'],
    ['a header with recipients', { headers: { 'X-MC-BccAddress': 'b@x.test' } }, 'unrecognized'],
    ['headers that are a list', { headers: ['Bcc: b@x.test'] }, 'unrecognized'],
    ["PHP's empty headers", { headers: [] }, [['to ann@example.test']]],
  ])('%s', (_what, more, expected) => {
    expect(reached(more)).toEqual(expected);
  });

  it('whoever a field names that Mandrill is not known to have', () => {
    expect(reached({ forward: { copy: 'b@x.test' } }, { to: ['d@x.test'], notify: ['c@x.test', '+15005550006'] })).toEqual([['to ann@example.test', 'message/forward/copy b@x.test', 'to/0 d@x.test', 'notify/0 c@x.test', 'notify/1 +15005550006']]);
  });

  it('of a MIME document, whom the list names and whom its header names', () => {
    const raw = (more: object): unknown => {
      const decoded = mandrill.decode(call('/api/1.3/messages/send-raw', { raw_message: 'To: ann@example.test\r\nBcc: bob@example.test\r\nSubject: s\r\n\r\nhi', ...more }));
      return decoded.kind === 'effects' ? decoded.effects.map(({ recipients }) => recipients.map(({ role, address }) => `${role} ${address}`)) : decoded.kind;
    };
    expect(raw({})).toEqual([['to ann@example.test', 'bcc bob@example.test']]);
    expect(raw({ to: ['carol@example.test'] })).toEqual([['to carol@example.test', 'to ann@example.test', 'bcc bob@example.test']]);
    expect(raw({ to: [{ email: 'carol@example.test' }], cc: 'dora@example.test' })).toEqual([['to carol@example.test', 'to ann@example.test', 'bcc bob@example.test', 'cc dora@example.test']]);
    expect(raw({ message: { to: [{ email: 'dora@example.test' }] } })).toEqual([['to ann@example.test', 'bcc bob@example.test', 'message/to/0/email dora@example.test']]);
    expect(raw({ to: [7] })).toBe('unrecognized');
    expect(raw({ raw_message: 'Subject: s\r\n\r\nhi' })).toBe('unrecognized');
    expect(raw({ raw_message: undefined })).toBe('unrecognized');
  });
});

describe("Mandrill's merge tags", () => {
  const mails = (more: object): unknown => {
    const decoded = mandrill.decode(send(more));
    return decoded.kind === 'effects' ? decoded.effects.map((effect) => effect.channel === 'email' ? effect.text : null) : decoded.kind;
  };
  const vars = [{ name: 'NAME', content: 'Ann' }, { name: 'total', content: 42 }, { name: 'lines', content: [1] }];

  it.each<readonly [string, object, unknown]>([
    ['in any letters', { text: '*|NAME|* *|name|* *|TOTAL|*', global_merge_vars: vars }, ['Ann Ann 42']],
    ['of handlebars, as they are written', { text: '{{NAME}} {{ total }} {{{NAME}}} {{name}}', merge_language: 'handlebars', global_merge_vars: vars }, ['Ann 42 Ann {{name}}']],
    ['not of the other language', { text: '*|NAME|*', merge_language: 'handlebars', global_merge_vars: vars }, ['*|NAME|*']],
    ['not where merging is off', { text: '*|NAME|*', merge: false, global_merge_vars: vars }, ['*|NAME|*']],
    ['not what is a list', { text: '*|LINES|*', global_merge_vars: vars }, ['*|LINES|*']],
    ['each recipient its own', { text: '*|NAME|*', to: [{ email: 'ann@x.test' }, { email: 'bob@x.test' }], global_merge_vars: [{ name: 'NAME', content: 'customer' }], merge_vars: [{ rcpt: 'Ann@x.test', vars }] }, ['Ann', 'customer']],
    ['the only recipient in one mail', { text: '*|NAME|*', merge_vars: [{ rcpt: 'ann@example.test', vars }] }, ['Ann']],
  ])('%s', (_what, more, expected) => {
    expect(mails(more)).toEqual(expected);
  });

  it('that stand for too much make the call unrecognized', () => {
    expect(mails({ text: '*|A|*'.repeat(4000), global_merge_vars: [{ name: 'A', content: 'x'.repeat(20_000) }] })).toBe('unrecognized');
  });
});

describe('what Mandrill answers', () => {
  it('without a key', async () => {
    const { reply } = await account().answer(call('/api/1.3/users/ping', { key: '' }));
    expect([reply.status, bodyOf(reply)]).toMatchObject([400, { status: 'error', name: 'ValidationError', code: -2 }]);
  });

  it('to a time that is none', async () => {
    expect(bodyOf((await account().answer(send({}, { send_at: 'tomorrow' }))).reply)).toMatchObject({ name: 'ValidationError' });
  });

  it('to a time that has passed: sent at once', async () => {
    expect(bodyOf((await account().answer(send({}, { send_at: '2020-01-01 00:00:00' }))).reply)).toMatchObject([{ status: 'sent' }]);
  });

  it('leaves the blind copies out', async () => {
    expect(bodyOf((await account().answer(send({ bcc_address: 'archive@ourcompany.test' }))).reply)).toMatchObject([{ email: 'ann@example.test' }]);
    expect(bodyOf((await account().answer(send({ bcc_address: 'archive@ourcompany.test' }))).reply)).toHaveLength(1);
  });
});

describe("Mandrill's webhooks", () => {
  it('tell of sending and delivery to each recipient', async () => {
    const { callbacks, reply } = await account().answer(send({ to: [...message.to, { email: 'bob@example.test' }], tags: ['order'], metadata: { order_id: 'o-42' } }));
    const [ann, bob] = bodyOf(reply) as readonly { readonly _id: string }[];
    expect(eventsIn(callbacks).map(({ event, _id }) => [event, _id])).toEqual([['send', ann!._id], ['delivered', ann!._id], ['send', bob!._id], ['delivered', bob!._id]]);
    expect(eventsIn(callbacks)[1]).toMatchObject({ ts: 1_795_251_601, msg: { email: 'ann@example.test', sender: 'shop@ourcompany.test', subject: 'Order 42', tags: ['order'], metadata: { order_id: 'o-42' }, state: 'sent', opens: [], clicks: [], smtp_events: [{ type: 'sent' }] } });
    expect(callbacks?.map(({ target, object, event, notBeforeMs }) => [target, object, event, notBeforeMs]).slice(0, 2)).toEqual([['mandrill', ann!._id, 'send', fixedNow], ['mandrill', ann!._id, 'delivered', fixedNow + 1000]]);
  });

  it.each<readonly [string, string, object, readonly string[]]>([
    ['deferral', 'deferred', { smtp_events: [{ type: 'sent' }, { type: 'deferred' }] }, ['message']],
    ['hard_bounce', 'bounced', { bounce_description: 'bad_mailbox', diag: 'a detail' }, ['message', 'reject']],
    ['soft_bounce', 'soft-bounced', { bounce_description: 'mailbox_full' }, ['message']],
    ['open', 'sent', { opens: [{ ip: '127.0.0.1' }] }, ['message']],
    ['click', 'sent', { clicks: [{ url: 'a detail' }] }, ['message']],
    ['spam', 'spam', {}, ['message', 'reject']],
    ['unsub', 'unsub', {}, ['message', 'reject']],
    ['reject', 'rejected', { reject: { reason: 'a detail' } }, ['message']],
  ])('%s', async (name, state, msg, kinds) => {
    const shop = account();
    const { reply } = await shop.answer(send());
    const { callbacks, remember } = await shop.later(name, send(), reply, { detail: 'a detail' });
    expect(eventsIn(callbacks)).toMatchObject([{ event: name, msg: { state, ...msg } }]);
    expect((remember as readonly Remember[]).map(({ kind }) => kind)).toEqual(kinds);
    expect(bodyOf((await shop.answer(send())).reply)).toMatchObject([{ status: kinds.includes('reject') ? 'rejected' : 'sent' }]);
  });

  it('tell what happened to the one recipient it happened to', async () => {
    const shop = account();
    const request = send({ to: [...message.to, { email: 'bob@example.test' }] });
    const { reply } = await shop.answer(request);
    expect(eventsIn((await shop.later('open', request, reply, { recipient: 'BOB@example.test' })).callbacks).map(({ msg }) => msg['email'])).toEqual(['bob@example.test']);
    expect((await shop.later('open', request, reply)).callbacks).toHaveLength(2);
    expect(await shop.later('open', request, reply, { recipient: 'dora@example.test' })).toEqual({ remember: [], callbacks: [] });
  });

  it("come to another end for Mandrill's own test addresses", async () => {
    const events = async (email: string): Promise<readonly string[]> => eventsIn((await account().answer(send({ to: [{ email }] }))).callbacks).map(({ event }) => event);
    expect(await events('hard_bounce@test.mandrillapp.com')).toEqual(['send', 'hard_bounce']);
    expect(await events('soft_bounce@test.mandrillapp.com')).toEqual(['send', 'soft_bounce']);
    expect(await events('spam@test.mandrillapp.com')).toEqual(['send', 'delivered', 'spam']);
  });
});

describe("Mandrill's signature", () => {
  const delivery: Delivery = {
    method: 'POST', url: 'https://shop.example.test/hooks/mail?a=b', headers: [['User-Agent', 'Mandrill-Webhook/1.0']],
    contentType: 'application/x-www-form-urlencoded', body: 'mandrill_events=%5B%7B%22event%22%3A%22send%22%2C%22_id%22%3A%221%22%7D%5D',
  };

  it('is what another program makes of the same', () => {
    // printf '%s' 'URLmandrill_events[{"event":"send","_id":"1"}]' | openssl dgst -sha1 -hmac KEY -binary | base64
    expect(mandrill.sign(delivery, 'a-webhook-key-of-mandrill').headers).toEqual([...delivery.headers, ['X-Mandrill-Signature', 'MhA7yDUASwZKxMih5pGkOZKcDXY=']]);
  });

  it('is over the URL and every field by its name, as a receiver makes it', async () => {
    const { callbacks } = await account().answer(send({ subject: 'Grüße & 1+1=2 %' }));
    const made = { ...delivery, body: `${callbacks![0]!.body}&another=field` };
    const fields = [...new URLSearchParams(made.body)].sort(([one], [other]) => one.localeCompare(other));
    const expected = createHmac('sha1', 'a-webhook-key-of-mandrill').update(made.url + fields.map(([name, value]) => name + value).join('')).digest('base64');
    expect(mandrill.sign(made, 'a-webhook-key-of-mandrill').headers.at(-1)).toEqual(['X-Mandrill-Signature', expected]);
  });

  it.each(['', 'short', 'with a blank inside'])('is not made with %j', (secret) => {
    expect(() => mandrill.sign(delivery, secret)).toThrow('right is the key');
  });
});
