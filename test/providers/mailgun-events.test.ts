import { describe, expect, it } from 'vitest';
import type { PastCall } from '../../src/model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import { mailgun } from '../../src/providers/mailgun/index.ts';
import { httpFixtures } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';
import type { Memory } from '../support/simulation-context.ts';

const fixture = (name: string): HttpRequest => httpFixtures('mailgun').find((each) => each.name === name)!.request;

async function sent(name: string): Promise<{ readonly kept: Memory; readonly call: PastCall<HttpRequest, HttpResponse> }> {
  const kept = memory();
  const request = fixture(name);
  const decoded = mailgun.decode(request);
  const { reply, remember = [] } = await mailgun.simulate(request, decoded, kept.context());
  kept.keep(remember);
  return { kept, call: { request, decoded, reply } };
}

async function later(name: string, event: string, more: { readonly recipient?: string; readonly detail?: string } = {}): Promise<readonly Record<string, unknown>[]> {
  const { kept, call } = await sent(name);
  const { callbacks = [] } = await mailgun.later({ name: event, recipient: more.recipient ?? null, detail: more.detail ?? null }, call, kept.context({ call: 2 }));
  return callbacks.map(({ body }) => (JSON.parse(body) as { readonly 'event-data': Record<string, unknown> })['event-data']);
}

describe('what happens to a Mailgun message', () => {
  it.each([
    ['delivered', { event: 'delivered', 'log-level': 'info', 'delivery-status': { code: 250, message: 'OK' } }],
    ['temporary_fail', { event: 'failed', severity: 'temporary', 'log-level': 'warn', 'delivery-status': { code: 451, 'retry-seconds': 600 } }],
    ['permanent_fail', { event: 'failed', severity: 'permanent', reason: 'bounce', 'log-level': 'error', 'delivery-status': { code: 550 } }],
    ['opened', { event: 'opened', 'client-info': { 'client-type': 'browser' } }],
    ['clicked', { event: 'clicked', url: 'https://example.com/' }],
    ['unsubscribed', { event: 'unsubscribed' }],
    ['complained', { event: 'complained' }],
  ])('%s is told to everybody served, with tags, variables and where it is stored', async (name, shape) => {
    const told = await later('simple', name);
    expect(told.map(({ recipient }) => recipient)).toEqual(['alice@example.net', 'bob@example.net', 'c@example.net', 'd@example.net']);
    expect(told[0]).toMatchObject({ ...shape, tags: ['t1', 't2'], 'user-variables': { 'my-var': '1' }, flags: { 'is-test-mode': true }, 'recipient-domain': 'example.net' });
    expect((told[0] as { readonly storage: { readonly url: string } }).storage.url).toMatch(/^https:\/\/storage-us-east4\.api\.mailgun\.net\/v3\/domains\/mg\.example\.com\/messages\/BAAB\w{60}$/);
  });

  it('happens to one recipient where one is named, with the code and words given', async () => {
    const told = await later('simple', 'permanent_fail', { recipient: 'Bob@example.net', detail: '552 5.2.2 mailbox full' });
    expect(told).toMatchObject([{ recipient: 'bob@example.net', 'delivery-status': { code: 552, message: '552 5.2.2 mailbox full' } }]);
  });

  it('tells nothing of people whom only a header, a list or an archive names', async () => {
    expect((await later('header-recipients', 'delivered')).map(({ recipient }) => recipient)).toEqual(['ann@example.net']);
    expect((await later('mime-parts', 'delivered')).map(({ recipient }) => recipient)).toEqual(['ann@example.net']);
  });

  it('happens to nothing that was refused, is no send, or is no event of its', async () => {
    expect(await later('not-an-address', 'delivered')).toEqual([]);
    expect(await later('bounces-create', 'delivered')).toEqual([]);
    expect(await later('simple', 'stored')).toEqual([]);
  });

  it.each([['permanent_fail', 'bounces'], ['complained', 'complaints'], ['unsubscribed', 'unsubscribes']])('%s enters the address into %s', async (name, list) => {
    const { kept, call } = await sent('simple');
    const { remember = [] } = await mailgun.later({ name, recipient: 'alice@example.net', detail: null }, call, kept.context({ call: 2 }));
    kept.keep(remember);
    const request = { ...fixture('bounces'), path: `/v3/mg.example.com/${list}`, query: null };
    const { reply } = await mailgun.simulate(request, mailgun.decode(request), kept.context({ call: 3 }));
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ items: [{ address: 'alice@example.net' }] });
  });

  it('delivers at the time that was asked for', async () => {
    const request = { ...fixture('urlencoded'), headers: [['Content-Type', 'application/x-www-form-urlencoded']] as const, body: Buffer.from('from=a%40b.test&to=ann%40example.test&text=t&o%3Adeliverytime=Fri%2C+27+Nov+2026+10%3A00%3A00+%2B0000') };
    const { callbacks = [] } = await mailgun.simulate(request, mailgun.decode(request), memory().context());
    expect(callbacks.map(({ event, notBeforeMs }) => [event, notBeforeMs])).toEqual([['accepted', Date.UTC(2026, 10, 21, 9, 0, 0, 250)], ['delivered', Date.UTC(2026, 10, 27, 10, 0, 1)]]);
  });

  it('enters an address that bounces again into the same place', async () => {
    const { kept, call } = await sent('simple');
    for (const number of [2, 3]) {
      const { remember = [] } = await mailgun.later({ name: 'permanent_fail', recipient: 'alice@example.net', detail: null }, call, kept.context({ call: number }));
      kept.keep(remember);
    }
    expect((await kept.context().list('bounces')).items.map(({ version }) => version)).toEqual([2]);
  });

  it('shows and resends a stored message only under its own domain', async () => {
    const { kept } = await sent('urlencoded');
    const key = (await kept.context().list('message')).items[0]!.id;
    for (const [domain, status] of [['mg.example.com', 200], ['other.example.com', 404]] as const) {
      for (const name of ['stored-message', 'resend']) {
        const request = { ...fixture(name), path: `/v3/domains/${domain}/messages/${key}` };
        expect((await mailgun.simulate(request, mailgun.decode(request), kept.context({ call: 2 }))).reply.status).toBe(status);
      }
    }
  });

  it('tells a resend anew as the mail that is stored', async () => {
    const { kept } = await sent('urlencoded');
    const key = (await kept.context().list('message')).items[0]!.id;
    const request = { ...fixture('resend'), path: `/v3/domains/mg.example.com/messages/${key}` };
    expect(await mailgun.recalled(request, mailgun.decode(request), kept.context({ call: 2 }))).toMatchObject({ effects: [{ operation: 'messages.resend', subject: 'Your order', text: 'Thank you', recipients: [{ address: 'ann@example.net' }, { address: 'bob@example.net' }] }] });
  });
});

describe('which account a Mailgun call belongs to', () => {
  const basic = (pair: string): readonly [string, string] => ['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`];
  it('is told by the key, not by the user, and by the subaccount', () => {
    const account = (headers: HttpRequest['headers']): string | null => mailgun.account({ ...fixture('domain-get'), headers });
    expect(account([basic('api:one')])).not.toBe(account([basic('api:other')]));
    expect(account([basic('api:one'), ['X-Mailgun-On-Behalf-Of', 'sub']])).not.toBe(account([basic('api:one')]));
    expect(account([])).toBeNull();
  });
});

describe('Mailgun message fields that could be read in two ways', () => {
  const form = (body: string): HttpRequest => ({ ...fixture('urlencoded'), headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: Buffer.from(body) });
  it.each([
    ['from=a%40b.test&to=ann%40example.test&text=t&TO=eve%40example.test', 'spelt'],
    ['from=a%40b.test&to=ann%40example.test&text=t&text=u', 'given twice'],
    ['from=a%40b.test&to=ann%40example.test&text=t&recipient-variables=%5B%5D', 'recipient-variables is not a JSON object'],
    ['from=a%40b.test&to=ann%40example.test&text=t&o%3Atestmode=yes&o%3Atestmode=no', 'given twice'],
  ])('%s is nobody to be sure of', (body, why) => {
    expect(mailgun.decode(form(body))).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining(why) });
  });

  it.each([['yes', 'test'], ['true', 'unknown'], ['no', 'unknown'], ['YES', 'unknown'], ['yep', 'unknown'], ['', 'unknown']])('o:testmode=%s is %s', (value, liveness) => {
    expect(mailgun.decode(form(`from=a%40b.test&to=ann%40example.test&text=t&o%3Atestmode=${value}`))).toMatchObject({ effects: [{ liveness }] });
  });

  it('a recipient in a file is none to be sure of', () => {
    const body = ['--x', 'Content-Disposition: form-data; name="to"; filename="to.txt"', '', 'ann@example.test', '--x--', ''].join('\r\n');
    expect(mailgun.decode({ ...fixture('urlencoded'), headers: [['Content-Type', 'multipart/form-data; boundary=x']], body: Buffer.from(body) })).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining("part 'to' is a file") });
  });

  it.each([['utf-8', 'Gr\u00fc\u00dfe', 'effects'], ['iso-8859-1', 'Hello', 'effects'], ['iso-8859-1', 'Gr\u00fc\u00dfe', 'unrecognized'], ['utf-7', 'Hello', 'unrecognized'], ['utf-16', 'Hello', 'unrecognized']])('a part in %s that says %j makes it %s', (charset, text, kind) => {
    const part = (name: string, value: string): string => `--x\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n${value}\r\n`;
    const body = `${part('to', 'ann@example.test')}${part('text', text)}--x--\r\n`;
    expect(mailgun.decode({ ...fixture('urlencoded'), headers: [['Content-Type', 'multipart/form-data; boundary=x']], body: Buffer.from(body) }).kind).toBe(kind);
  });

  it.each(['\r\nBcc: eve@example.test\r\n\r\nhi', '', 'no header at all', 'To: a@b.test\r\rBcc: eve@example.test\r\n\r\nhi'])('a MIME message %j is nobody to be sure of', (message) => {
    expect(mailgun.decode({ ...form(`to=ann%40example.test&message=${encodeURIComponent(message)}`), path: '/v3/mg.example.com/messages.mime' }).kind).toBe('unrecognized');
  });

  it('is so when more people are named than there may be', () => {
    const list = (from: number): string => Array.from({ length: 6000 }, (_, index) => `a${from + index}@example.test`).join(',');
    expect(mailgun.decode(form(`from=a%40b.test&text=t&to=${list(0)}&to=${list(6000)}`))).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('more than 10000 recipients') });
  });

  it.each([
    ['resend', { body: Buffer.from('to=ann%40example.test&from=eve%40example.test') }, "field 'from' is not known here"],
    ['bounces', { body: Buffer.from('{}') }, 'a GET carries a body'],
    ['bounce-delete', { body: Buffer.from('{}') }, 'a DELETE carries a body'],
    ['bounces-create', { body: Buffer.from('[{"address":"ann@example.test","forward":"eve@example.test"}]') }, 'not as Mailgun documents it'],
    ['bounces-create', { body: Buffer.from('[{"address":"ann@example.test"},"eve@example.test"]') }, 'not as Mailgun documents it'],
    ['mime-parts', { headers: [['Content-Type', 'multipart/form-data; boundary=frontier; charset=utf-7']] }, 'not multipart/form-data in UTF-8'],
  ] as const)('%s with %j is not understood', (name, change, why) => {
    const { headers, ...request } = fixture(name);
    const plain = headers.filter(([field]) => field.toLowerCase() !== 'content-length');
    expect(mailgun.decode({ ...request, headers: plain, ...change })).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining(why) });
  });

  it('a message given twice is not understood', () => {
    const part = '--x\r\nContent-Disposition: form-data; name="message"; filename="m"\r\n\r\nSubject: one\r\n\r\nhi\r\n';
    const body = `--x\r\nContent-Disposition: form-data; name="to"\r\n\r\nann@example.test\r\n${part}${part}--x--\r\n`;
    const request: HttpRequest = { ...fixture('urlencoded'), path: '/v3/mg.example.com/messages.mime', headers: [['Content-Type', 'multipart/form-data; boundary=x']], body: Buffer.from(body) };
    expect(mailgun.decode(request)).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('given twice') });
  });

  it('%recipient% stands for whoever is served, in a batch only', () => {
    const who = (more: string): unknown => mailgun.decode(form(`from=a%40b.test&to=ann%40example.test&text=t&h%3ATo=%25recipient%25${more}`));
    expect(who('&recipient-variables=%7B%7D')).toMatchObject({ effects: [{ recipients: [{ address: 'ann@example.test' }] }] });
    expect((who('') as { readonly effects: readonly { readonly recipients: readonly unknown[] }[] }).effects[0]!.recipients).toHaveLength(2);
  });

  it('a resend to an address of the domain may reach a mailing list', () => {
    const request: HttpRequest = { ...form('to=customers%40mg.example.com'), path: '/v3/domains/mg.example.com/messages/BAAB0' };
    expect(mailgun.decode(request)).toMatchObject({ effects: [{ recipients: [{ kind: 'email' }, { kind: 'audience', role: 'list' }] }] });
  });

  it.each(['/v3/mg.example.com/messages/', '/v3/mg.example.com//messages', '/V3/mg.example.com/messages', '/v3/mg.example.com/Messages', '/v3/./mg.example.com/messages', '/v3/x/../mg.example.com/messages', '/v3/mg.example.com/messages%2Fx', '/v3/mg%2fexample.com/messages', '/v2/mg.example.com/messages'])('POST %s is not simulated', (path) => {
    expect(mailgun.decode({ ...form('from=a%40b.test&to=ann%40example.test&text=t'), path }).kind).toBe('unrecognized');
  });
});
