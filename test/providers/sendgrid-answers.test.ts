import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';
import type { Memory } from '../support/simulation-context.ts';

function call(line: string, body?: unknown): HttpRequest {
  return parseHttpFile(Buffer.from(`${line} HTTP/1.1\nHost: api.sendgrid.com\nContent-Type: application/json\n\n${body === undefined ? '' : JSON.stringify(body)}`));
}

async function answer(request: HttpRequest, kept: Memory = memory(), nth = 1): Promise<{ readonly status: number; readonly body: unknown }> {
  const simulation = await sendgrid.simulate(request, sendgrid.decode(request), kept.context({ call: nth }));
  kept.keep(simulation.remember ?? []);
  const text = Buffer.from(simulation.reply.body).toString();
  return { status: simulation.reply.status, body: text === '' ? null : JSON.parse(text) as unknown };
}

function reached(line: string, body?: unknown): unknown {
  const decoded = sendgrid.decode(call(line, body));
  return decoded.kind === 'effects' ? decoded.effects[0]!.recipients.map(({ address, kind }) => `${kind} ${address}`) : decoded.kind;
}

const mail = {
  from: { email: 'shop@ourcompany.test' }, subject: 'Order', content: [{ type: 'text/plain', value: 'x' }],
  personalizations: [{ to: [{ email: 'ann@example.test' }] }],
};

describe('a short call that stands for very much', () => {
  const many = (count: number, more: object = {}): object[] => Array.from({ length: count }, (_, at) => ({ to: [{ email: `ann${at}@example.test` }], ...more }));
  const whyNot = (body: object): string => {
    const decoded = sendgrid.decode(call('POST /v3/mail/send', { ...mail, ...body }));
    return decoded.kind === 'unrecognized' ? decoded.why : decoded.kind;
  };
  const long = [{ type: 'text/html', value: 'a'.repeat(100_000) }];

  it('is not understood rather than written out', () => {
    expect(whyNot({ content: long, personalizations: many(1_000, { substitutions: { a: 'b'.repeat(100) } }) })).toContain('more than 32 MiB of text');
    expect(whyNot({ content: long, personalizations: many(1_000, { substitutions: { a: 'bb' } }) })).toContain('more than 32 MiB of text');
    expect(whyNot({ custom_args: { a: 'b'.repeat(1_000_000) }, personalizations: many(1_000) })).toContain('more than 32 MiB of text');
    expect(whyNot({ personalizations: many(10_001) })).toContain('more than 10000 messages');
  });

  it('is a merge like any other where a thousand share text and files', () => {
    const attachments = [{ filename: 'a.pdf', type: 'application/pdf', content: Buffer.alloc(500_000, 'a').toString('base64') }];
    const decoded = sendgrid.decode(call('POST /v3/mail/send', { ...mail, content: long, attachments, personalizations: many(1_000) }));
    expect(decoded.kind === 'effects' && decoded.effects.length).toBe(1_000);
  });
});

describe('mail/send', () => {
  it('is accepted with 202 and an empty body', async () => {
    expect(await answer(call('POST /v3/mail/send', mail))).toEqual({ status: 202, body: null });
  });

  it.each<[string, object, string | null, RegExp]>([
    ['no sender', { from: undefined }, 'from.email', /from object must be provided/],
    ['a sender that is no address', { from: { email: 'shop' } }, 'from.email', /valid address/],
    ['no subject', { subject: undefined }, 'subject', /subject is required/],
    ['no content', { content: undefined }, 'content', /content parameter is required/],
    ['empty content', { content: [{ type: 'text/plain', value: '' }] }, 'content.0.value', /at least one character/],
    ['a recipient that is no address', { personalizations: [{ to: [{ email: 'ann@example.test' }, { email: 'nobody' }] }] }, 'personalizations.0.to.1.email', /valid address/],
    ['one recipient twice', { personalizations: [{ to: [{ email: 'ann@example.test' }], cc: [{ email: 'ANN@example.test' }] }] }, 'personalizations.0', /first duplicate instance of \[ANN@example\.test\]/],
    ['only a blind copy', { personalizations: [{ bcc: [{ email: 'ann@example.test' }] }] }, 'personalizations.0.to', /to array is required/],
    ['an attachment that is not base64', { attachments: [{ content: '***', filename: 'a' }] }, 'attachments.0.content', /base64/],
    ['1001 personalizations', { personalizations: Array.from({ length: 1001 }, (_, index) => ({ to: [{ email: `a${index}@example.test` }] })) }, 'personalizations', /limited to 1000/],
  ])('with %s is answered 400 as SendGrid does', async (_what, change, field, message) => {
    expect(await answer(call('POST /v3/mail/send', { ...mail, ...change }))).toMatchObject({ status: 400, body: { errors: expect.arrayContaining([{ field, message: expect.stringMatching(message), help: expect.stringContaining('errors.html#message.') }]) } });
  });

  it('needs neither subject nor content with a template', async () => {
    expect(await answer(call('POST /v3/mail/send', { ...mail, subject: undefined, content: undefined, template_id: 'd-1' }))).toMatchObject({ status: 202 });
  });

  it.each<[string, object]>([
    ['no personalizations', { personalizations: undefined }],
    ['an empty list of them', { personalizations: [] }],
    ['one that is no object', { personalizations: ['ann@customer.example'] }],
    ['one without recipients', { personalizations: [{}] }],
    ['a recipient that is only text', { personalizations: [{ to: ['ann@customer.example'] }] }],
    ['recipients that are no list', { personalizations: [{ to: { email: 'ann@customer.example' } }] }],
    ['a recipient without an email', { personalizations: [{ to: [{ email: 'qa@example.test' }, { name: 'Ann' }] }] }],
    ['a key that looks like cc', { personalizations: [{ to: [{ email: 'qa@example.test' }], CC: [{ email: 'ann@customer.example' }] }] }],
    ['a key that looks like email', { personalizations: [{ to: [{ email: 'qa@example.test', Email: 'ann@customer.example' }] }] }],
    ['a Bcc among the headers', { headers: { bCC: 'ann@customer.example' } }],
    ['a Bcc among a personalization’s headers', { personalizations: [{ to: [{ email: 'qa@example.test' }], headers: { Bcc: 'ann@customer.example' } }] }],
    ['mail_settings.bcc without an email', { mail_settings: { bcc: { enable: true } } }],
    ['mail settings in another spelling', { mail_settings: { BCC: { enable: true, email: 'ann@customer.example' } } }],
  ])('is not understood with %s', (_what, change) => {
    expect(sendgrid.decode(call('POST /v3/mail/send', { ...mail, ...change }))).toMatchObject({ kind: 'unrecognized' });
  });

  it.each([[true, 'test'], ['true', 'unknown'], [1, 'unknown'], [false, 'unknown']])('with sandbox_mode.enable %j is %s', (enable, liveness) => {
    expect(sendgrid.decode(call('POST /v3/mail/send', { ...mail, mail_settings: { sandbox_mode: { enable } } }))).toMatchObject({ effects: [{ liveness }] });
  });

  it.each(['POST /v3/mail/send/', 'POST //v3/mail/send', 'POST /v3/mail/%73end', 'POST /V3/mail/send', 'PUT /v3/mail/send', 'GET /v3/mail/send'])('is not understood as %s', (line) => {
    expect(sendgrid.decode(call(line, mail))).toMatchObject({ kind: 'unrecognized' });
  });
});

it.each(['X-HTTP-Method-Override', 'x-method-override', 'X-HTTP-Method'])('a call that asks for another method by %s is not understood', (name) => {
  for (const request of [call('GET /v3/scopes'), call('POST /v3/mail/send', mail)]) {
    expect(sendgrid.decode({ ...request, headers: [...request.headers, [name, 'POST']] })).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('another method') });
  }
});

describe('other calls', () => {
  it('find a single send again that was made and scheduled before', async () => {
    const kept = memory();
    const made = await answer(call('POST /v3/marketing/singlesends', { name: 'promo', send_to: { all: true } }), kept, 1);
    expect(made).toMatchObject({ status: 201, body: { name: 'promo', status: 'draft' } });
    const { id } = made.body as { id: string };
    expect(await answer(call(`PUT /v3/marketing/singlesends/${id}/schedule`, { send_at: '2030-01-01T00:00:00Z' }), kept, 2)).toEqual({ status: 201, body: { send_at: '2030-01-01T00:00:00Z', status: 'scheduled' } });
    expect(await answer(call(`GET /v3/marketing/singlesends/${id}`), kept, 3)).toMatchObject({ status: 200, body: { id, name: 'promo', status: 'scheduled' } });
    expect(await answer(call('GET /v3/marketing/singlesends'), kept, 4)).toMatchObject({ body: { result: [{ id }] } });
    expect(await answer(call('GET /v3/marketing/singlesends/nope'), kept, 5)).toMatchObject({ status: 404 });
  });

  it('find a batch id again', async () => {
    const kept = memory();
    const { body } = await answer(call('POST /v3/mail/batch'), kept, 1);
    expect(await answer(call(`GET /v3/mail/batch/${(body as { batch_id: string }).batch_id}`), kept, 2)).toEqual({ status: 200, body });
    expect(await answer(call('GET /v3/mail/batch/other'), kept, 3)).toMatchObject({ status: 400 });
  });

  it('list the suppressions a test has put there', async () => {
    const kept = memory();
    const bounce = { created: 1_700_000_000, email: 'gone@example.test', reason: '550 5.1.1', status: '5.1.1' };
    kept.keep([{ kind: 'suppression.bounces', id: bounce.email, expectVersion: 0, value: bounce }]);
    expect(await answer(call('GET /v3/suppression/bounces'), kept)).toEqual({ status: 200, body: [bounce] });
    expect(await answer(call('GET /v3/suppression/bounces/gone%40example.test'), kept)).toEqual({ status: 200, body: [bounce] });
    expect(await answer(call('GET /v3/suppression/blocks'), kept)).toEqual({ status: 200, body: [] });
  });

  it('name everybody a marketing call would reach', () => {
    expect(reached('POST /v3/marketing/singlesends', { name: 'x', send_to: { list_ids: ['l1'], segment_ids: ['s1'], all: true } })).toEqual(['audience list l1', 'audience segment s1', 'audience contacts stored at SendGrid']);
    expect(reached('PUT /v3/marketing/singlesends/1/schedule', { send_at: 'now' })).toEqual(['audience single send 1']);
    expect(reached('PUT /v3/marketing/contacts', { contacts: [{ email: 'ann@example.test' }, { external_id: '1' }] })).toEqual(['email ann@example.test', 'audience a contact without an email']);
    expect(reached('PUT /v3/marketing/contacts', { contacts: [] })).toBe('unrecognized');
    expect(reached('POST /v3/verified_senders', { from_email: 'new@ourcompany.test' })).toEqual(['email new@ourcompany.test']);
    expect(reached('POST /v3/campaigns/12/schedules/test', { to: 'ann@example.test' })).toEqual(['email ann@example.test']);
    expect(reached('POST /v3/teammates', {})).toBe('unrecognized');
  });

  it('keep subusers apart', () => {
    const request = { ...call('GET /v3/scopes'), headers: [['Authorization', 'Bearer key']] as const };
    expect(sendgrid.account(request)).toBe('key');
    expect(sendgrid.account({ ...request, headers: [...request.headers, ['On-Behalf-Of', 'shop']] })).toBe('key shop');
  });
});
