import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { Remember } from '../../src/model/provider.ts';
import { postmark } from '../../src/providers/postmark/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

const server = 'X-Postmark-Server-Token: 00000000-0000-0000-0000-000000000000';
const mail = { From: 'shop@ourcompany.test', To: 'ann@example.test', Subject: 'Order 42', TextBody: 'See https://shop.example.test/o/42' };

function call(line: string, body: unknown = null, headers: readonly string[] = [server]): HttpRequest {
  return parseHttpFile(Buffer.from([`${line} HTTP/1.1`, 'Host: api.postmarkapp.com', ...headers, ...body === null ? [] : ['Content-Type: application/json'], '', body === null ? '' : JSON.stringify(body)].join('\n')));
}

const bodyOf = (reply: HttpResponse): unknown => JSON.parse(Buffer.from(reply.body).toString('utf8'));
const saidOf = (callbacks: readonly { readonly body: string }[] = []): readonly Record<string, unknown>[] => callbacks.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const kindsOf = (remember: readonly Remember[] = []): readonly string[] => remember.map(({ kind }) => kind);

/** An account that answers one call after the other. */
function account() {
  const kept = memory();
  let calls = 0;
  return {
    kept,
    async answer(request: HttpRequest) {
      const simulation = await postmark.simulate(request, postmark.decode(request), kept.context({ call: ++calls }));
      kept.keep(simulation.remember ?? []);
      return simulation;
    },
    async later(name: string, request: HttpRequest, reply: HttpResponse, { recipient = null, detail = null }: { readonly recipient?: string | null; readonly detail?: string | null } = {}) {
      const consequences = await postmark.later({ name, recipient, detail }, { request, decoded: postmark.decode(request), reply }, kept.context({ call: ++calls, now: fixedNow + 60_000 }));
      kept.keep(consequences.remember ?? []);
      return consequences;
    },
  };
}

describe("Postmark's paths", () => {
  it.each(['/email', '/Email', '/email/', '/EMAIL'])('takes %s for a mail, as its own libraries write it', (path) => {
    expect(postmark.decode(call(`POST ${path}`, mail))).toMatchObject({ kind: 'effects', effects: [{ operation: 'email.send' }] });
  });

  it.each([
    'POST /email//', 'POST //email', 'POST /./email', 'POST /email/.', 'POST /e%6Dail', 'POST /email%2Fbatch', 'POST /email/batch/x', 'POST /email?To=bob@example.test', 'POST /email;a', 'PUT /email', 'POST /v1/email', 'POST /emails',
  ])('does not take %s for anything', (line) => {
    expect(postmark.decode(call(line, mail)).kind).toBe('unrecognized');
  });

  it.each(['POST /server', 'PUT /server', 'DELETE /templates/1', 'POST /templates/validate', 'PUT /templates/push', 'POST /servers', 'DELETE /servers/1', 'POST /domains', 'PUT /messages/inbound/1/retry', 'POST /triggers/inboundRules', 'POST /data-removals', 'PATCH /message-streams/outbound', 'POST /message-streams', 'GET /messages/outbound/1/dump', 'GET /bounces/1/2', 'GET /templates/a%2Fb'])('does not simulate %s', (line) => {
    expect(postmark.decode(call(line)).kind).toBe('unrecognized');
  });

  it('takes no call whose header asks for another method', () => {
    expect(postmark.decode(call('GET /bounces', null, [server, 'X-HTTP-Method-Override: DELETE'])).kind).toBe('unrecognized');
  });

  it('takes the word null as the body of a read, and nothing else', () => {
    expect(postmark.decode(parseHttpFile(Buffer.from('GET /server/ HTTP/1.1\nContent-Type: application/json\n\nnull'))).kind).toBe('read');
    expect(postmark.decode(call('GET /server', mail)).kind).toBe('unrecognized');
    expect(postmark.decode(call('GET /email', mail)).kind).toBe('unrecognized');
  });
});

describe("Postmark's tokens", () => {
  it.each([
    [['X-Postmark-Server-Token: POSTMARK_API_TEST'], 'test'],
    [['x-postmark-server-token: POSTMARK_API_TEST'], 'test'],
    [['X-Postmark-Server-Token: postmark_api_test'], 'unknown'],
    [['X-Postmark-Server-Token: POSTMARK_API_TEST2'], 'unknown'],
    [['X-Postmark-Server-Token: POSTMARK_API_TEST', server], 'unknown'],
    [['X-Postmark-Server-Token: POSTMARK_API_TEST', 'X-Postmark-Account-Token: 1'], 'unknown'],
    [[server], 'unknown'],
    [[], 'unknown'],
  ])('%j: %s', (headers, liveness) => {
    expect(postmark.decode(call('POST /email', mail, headers))).toMatchObject({ effects: [{ liveness }] });
  });

  it('answers 401 without one', async () => {
    const { reply } = await account().answer(call('POST /email', mail, []));
    expect([reply.status, bodyOf(reply)]).toEqual([401, { ErrorCode: 10, Message: 'Request does not contain a valid Server token.' }]);
  });
});

describe('whom a Postmark message reaches', () => {
  const reached = (body: unknown, line = 'POST /email'): unknown => {
    const decoded = postmark.decode(call(line, body));
    return decoded.kind === 'effects' ? decoded.effects.map(({ recipients }) => recipients.map(({ role, address }) => `${role} ${address}`)) : decoded.kind;
  };

  it.each<readonly [string, unknown, unknown]>([
    ['names and groups', { ...mail, To: '"Example, Ann" <ann@example.test>, friends: bob@example.test;' }, [['to ann@example.test', 'to bob@example.test']]],
    ['any letters', { from: 'a@b.test', TO: 'ann@example.test', cC: 'bob@example.test', bcc: 'carol@example.test' }, [['to ann@example.test', 'cc bob@example.test', 'bcc carol@example.test']]],
    ['what is no list', { ...mail, To: 'ann@example.test bob@example.test' }, [['to ann@example.test bob@example.test', 'to ann@example.test', 'to bob@example.test']]],
    ['a line end inside', { ...mail, To: 'ann@example.test\r\nBcc: bob@example.test' }, [['to ann@example.test\r\nBcc: bob@example.test', 'to ann@example.test', 'to bob@example.test']]],
    ['nobody', { ...mail, To: '' }, [[]]],
    ['a number', { ...mail, Cc: 7 }, 'unrecognized'],
    ['a look-alike', { ...mail, 'B-cc': 'bob@example.test' }, 'unrecognized'],
    ['full-width letters', { ...mail, 'Ｂｃｃ': 'bob@example.test' }, 'unrecognized'],
    ['a header that is no object', { ...mail, Headers: ['Bcc: bob@example.test'] }, 'unrecognized'],
    ['headers as an object', { ...mail, Headers: { Bcc: 'bob@example.test' } }, 'unrecognized'],
    ['a header without a name', { ...mail, Headers: [{ Value: 'bob@example.test' }] }, 'unrecognized'],
    ['a header Resent-To', { ...mail, Headers: [{ name: 'Resent-To', value: 'bob@example.test' }] }, 'unrecognized'],
    ['a list where one message belongs', [mail], 'unrecognized'],
  ])('%s', (_what, body, expected) => {
    expect(reached(body)).toEqual(expected);
  });

  it('gives every message of a batch whoever stands beside the list', () => {
    expect(reached({ Messages: [mail], Bcc: 'bob@example.test', Extra: { copy: 'carol@example.test' } }, 'POST /email/batchWithTemplates')).toEqual([['to ann@example.test', 'Extra/copy carol@example.test', 'bcc bob@example.test']]);
    expect(reached({ Messages: [{ ...mail, Bcc: 'dora@example.test' }], Bcc: 'bob@example.test' }, 'POST /email/bulk')).toEqual([['to ann@example.test', 'bcc dora@example.test', 'bcc bob@example.test']]);
    expect(reached({ Messages: [] }, 'POST /email/batchWithTemplates')).toBe('unrecognized');
    expect(reached({ Messages: mail }, 'POST /email/bulk')).toBe('unrecognized');
    expect(reached([], 'POST /email/batch')).toBe('unrecognized');
  });
});

describe('what Postmark answers to a message', () => {
  it.each<readonly [string, object, number, string]>([
    ['without a sender', { ...mail, From: '' }, 300, "Invalid 'From' value."],
    ['to nobody', { ...mail, To: '' }, 300, 'Zero recipients specified'],
    ['to what is no address', { ...mail, Cc: 'bob@example.test, carol' }, 300, "Invalid 'Cc' address: 'carol'."],
    ['without a body', { ...mail, TextBody: '' }, 300, 'Provide either email TextBody or HtmlBody or both.'],
  ])('%s', async (_what, body, ErrorCode, Message) => {
    const { reply, callbacks } = await account().answer(call('POST /email', body));
    expect([reply.status, bodyOf(reply), callbacks]).toEqual([422, { ErrorCode, Message }, undefined]);
  });

  it('a batch of more than 500', async () => {
    const { reply } = await account().answer(call('POST /email/batch', Array.from({ length: 501 }, () => mail)));
    expect([reply.status, bodyOf(reply)]).toMatchObject([422, { ErrorCode: 410 }]);
  });

  it('with the time of the call to the ten-millionth of a second', async () => {
    const { reply } = await account().answer(call('POST /email', mail));
    expect(bodyOf(reply)).toMatchObject({ SubmittedAt: '2026-11-21T09:00:00.2500000Z' });
  });
});

describe("Postmark's webhooks", () => {
  it('tell of the delivery to each recipient, in one order with whatever happens to the message', async () => {
    const { callbacks, reply } = await account().answer(call('POST /email', { ...mail, Cc: 'bob@example.test', MessageStream: 'receipts' }));
    const { MessageID } = bodyOf(reply) as { readonly MessageID: string };
    expect(callbacks?.map(({ target, object, event, notBeforeMs, contentType }) => [target, object, event, notBeforeMs, contentType])).toEqual(Array.from({ length: 2 }, () => ['postmark', MessageID, 'Delivery', fixedNow + 1000, 'application/json']));
    expect(saidOf(callbacks)).toMatchObject([{ RecordType: 'Delivery', MessageStream: 'receipts', Recipient: 'ann@example.test' }, { Recipient: 'bob@example.test' }]);
  });

  it.each<readonly [string, object, readonly string[]]>([
    ['Delivery', { RecordType: 'Delivery', Recipient: 'ann@example.test', Details: 'smtp;250 2.0.0 OK' }, ['message']],
    ['HardBounce', { RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, Email: 'ann@example.test', Inactive: true, CanActivate: true, Subject: 'Order 42' }, ['bounce', 'suppression', 'message']],
    ['SoftBounce', { RecordType: 'Bounce', Type: 'SoftBounce', TypeCode: 4096, Inactive: false }, ['bounce', 'message']],
    ['Transient', { RecordType: 'Bounce', Type: 'Transient', TypeCode: 2 }, ['bounce', 'message']],
    ['Blocked', { RecordType: 'Bounce', Type: 'Blocked', TypeCode: 100_006 }, ['bounce', 'message']],
    ['SpamComplaint', { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 100_001, Email: 'ann@example.test' }, ['bounce', 'suppression', 'message']],
    ['Open', { RecordType: 'Open', FirstOpen: true, Recipient: 'ann@example.test' }, ['message']],
    ['Click', { RecordType: 'Click', OriginalLink: 'https://shop.example.test/o/42', ClickLocation: 'HTML' }, ['message']],
    ['SubscriptionChange', { RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'ManualSuppression' }, ['suppression', 'message']],
  ])('%s', async (name, record, kinds) => {
    const shop = account();
    const request = call('POST /email', { ...mail, Tag: 'order', Metadata: { order_id: 'o-42' } });
    const { reply } = await shop.answer(request);
    const { callbacks, remember } = await shop.later(name, request, reply);
    expect(saidOf(callbacks)).toMatchObject([{ ...record, Tag: 'order', Metadata: { order_id: 'o-42' }, MessageID: (bodyOf(reply) as { readonly MessageID: string }).MessageID }]);
    expect(kindsOf(remember)).toEqual(kinds);
    const again = await shop.answer(request);
    expect(again.reply.status).toBe(kinds.includes('suppression') ? 422 : 200);
  });

  it('say what a person said happened, to that one recipient', async () => {
    const shop = account();
    const request = call('POST /email/batch', [mail, { ...mail, To: 'bob@example.test, carol@example.test' }]);
    const { reply } = await shop.answer(request);
    const { callbacks } = await shop.later('HardBounce', request, reply, { recipient: 'Carol@example.test', detail: '550 5.1.1 no such user' });
    expect(saidOf(callbacks)).toMatchObject([{ Email: 'carol@example.test', Details: '550 5.1.1 no such user', MessageID: (bodyOf(reply) as readonly { readonly MessageID: string }[])[1]!.MessageID }]);
    expect(await shop.later('Delivery', request, reply, { recipient: 'dora@example.test' })).toEqual({ remember: [], callbacks: [] });
  });

  it('tell of every message of a bulk call', async () => {
    const shop = account();
    const request = call('POST /email/bulk', { ...mail, To: undefined, Messages: [{ To: 'ann@example.test' }, { To: 'bob@example.test' }] });
    const { reply } = await shop.answer(request);
    const { callbacks } = await shop.later('Open', request, reply);
    expect(saidOf(callbacks).map(({ Recipient, MessageStream }) => `${String(Recipient)} ${String(MessageStream)}`).sort()).toEqual(['ann@example.test broadcast', 'bob@example.test broadcast']);
  });

  it('tell nothing of a mail sent with the test token', async () => {
    const shop = account();
    const request = call('POST /email', mail, ['X-Postmark-Server-Token: POSTMARK_API_TEST']);
    const { reply, callbacks, remember } = await shop.answer(request);
    expect([callbacks, remember]).toEqual([[], []]);
    expect(await shop.later('HardBounce', request, reply)).toEqual({});
  });

  it('know what a test address asks for', async () => {
    const types = async (To: string, Headers: readonly object[] = []): Promise<readonly unknown[]> => saidOf((await account().answer(call('POST /email', { ...mail, To, Headers }))).callbacks).map(({ RecordType, Type }) => Type ?? RecordType);
    expect(await types('softbounce@bounce-testing.postmarkapp.com')).toEqual(['SoftBounce']);
    expect(await types('Spam_Notification@bounce-testing.postmarkapp.com')).toEqual(['SpamNotification']);
    expect(await types('anybody@bounce-testing.postmarkapp.com')).toEqual(['HardBounce']);
    expect(await types('anybody@bounce-testing.postmarkapp.com', [{ Name: 'X-PM-Bounce-Type', Value: 'Blocked' }])).toEqual(['Blocked']);
    expect(await types('hardbounce@example.test', [{ Name: 'X-PM-Bounce-Type', Value: 'Blocked' }])).toEqual(['Delivery']);
  });
});
