import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { mailjet } from '../../src/providers/mailjet/index.ts';
import { httpFixtures } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const fixture = (name: string): HttpRequest => httpFixtures('mailjet').find((each) => each.name === name)!.request;

async function later(name: string, event: string, more: { readonly recipient?: string; readonly detail?: string } = {}): Promise<readonly Record<string, unknown>[]> {
  const kept = memory();
  const request = fixture(name);
  const decoded = mailjet.decode(request);
  const { reply, remember = [] } = await mailjet.simulate(request, decoded, kept.context());
  kept.keep(remember);
  const consequences = await mailjet.later({ name: event, recipient: more.recipient ?? null, detail: more.detail ?? null }, { request, decoded, reply }, kept.context({ call: 2 }));
  // What is remembered fits what was there: `keep` throws otherwise.
  kept.keep(consequences.remember ?? []);
  return (consequences.callbacks ?? []).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
}

describe('what happens to a Mailjet message', () => {
  it.each([
    ['sent', { smtp_reply: 'sent (250 2.0.0 OK)' }],
    ['open', { geo: 'US' }],
    ['click', { url: 'https://example.com/' }],
    ['bounce', { hard_bounce: true, blocked: false, error_related_to: 'recipient', error: 'user unknown' }],
    ['blocked', { error_related_to: 'recipient' }],
    ['spam', { source: 'JMRPP' }],
    ['unsub', { mj_list_id: 0 }],
  ])('%s is told to everybody served, with the ids the caller gave', async (name, shape) => {
    const told = await later('send-v3-comma-lists', name);
    expect(told.map(({ email }) => email)).toEqual(['ann@example.net', 'bob@example.net', 'carl@example.net', 'dan@example.net']);
    expect(told[0]).toMatchObject({ event: name, time: 1795251600, CustomID: 'o-42', Payload: '{"order":42}', customcampaign: 'spring', ...shape });
  });

  it('happens to one recipient where one is named, in the words given', async () => {
    expect(await later('send-v31-globals', 'bounce', { recipient: 'Bob@example.net', detail: 'mailbox full' })).toMatchObject([{ email: 'bob@example.net', error: 'mailbox full' }]);
  });

  it('tells nothing of people whom only a header, a report or an unknown field names', async () => {
    expect((await later('send-v31-hidden-people', 'sent')).map(({ email }) => email)).toEqual(['ann@example.net']);
  });

  it('happens to nothing in sandbox mode, to no text message, and by no name of another', async () => {
    expect(await later('send-v31', 'bounce')).toEqual([]);
    expect(await later('sms-send', 'sent')).toEqual([]);
    expect(await later('send-v3', 'delivered')).toEqual([]);
  });
});

describe('Mailjet calls that could be read in two ways', () => {
  const post = (path: string, body: unknown): HttpRequest => ({ ...fixture('send-v31'), path, headers: [['Content-Type', 'application/json']], body: Buffer.from(JSON.stringify(body)) });
  const from = { From: { Email: 'shop@example.test' }, TextPart: 't' };
  it.each([
    ['/v3.1/send', { messages: [{ ...from, To: [{ Email: 'ann@example.test' }] }] }, 'spelt'],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ email: 'ann@example.test' }] }] }, 'not { Email, Name }'],
    ['/v3.1/send', { Messages: [{ ...from, To: ['ann@example.test'] }] }, 'not { Email, Name }'],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ Email: 'ann@example.test', email: 'eve@example.test' }] }] }, 'not { Email, Name }'],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ Email: 'ann@example.test' }] }], Globals: [] }, 'Globals is not an object'],
    ['/v3.1/send', [], 'not a JSON object'],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', Headers: 'Bcc: eve@example.test' }, 'Headers is not an object'],
    ['/v3/send', { Messages: [{ FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', BCC: 'eve@example.test' }] }, 'spelt'],
    ['/v4/sms-send', { From: 'Acme', To: '+15005550006', to: '+15005550009', Text: 'hi' }, 'spelt'],
    ['/v3/REST/contact', { Email: 'ann@example.test', email: 'eve@example.test' }, 'spelt'],
    ['/v3.1/send', { Messages: [{ ...from, To: [] }] }, 'no recipient'],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ Email: 'ann@example.test' }] }], Globals: { BCC: [{ Email: 'eve@example.test' }] } }, 'spelt'],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ Email: 'ann@example.test' }], Headers: 'Bcc: eve@example.test' }] }, 'Headers is not an object'],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: [{ Email: 'ann@example.test' }] }, 'To is not a text'],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', to: 'ann@example.test' }, 'spelt'],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', 'Mj-TemplateErrorReporting': 'a@b.test', 'MJ-TemplateErrorReporting': 'eve@example.test' }, 'two spellings'],
    ['/v3/send', { Messages: [{ FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test' }], Bcc: 'eve@example.test' }, 'other fields beside'],
    ['/v3/REST/campaigndraft/12/test', {}, 'no recipient'],
    ['/v3/REST/contactslist/17/managecontact', { Action: 'addforce' }, 'no Email'],
  ])('%s %j is nobody to be sure of', (path, body, why) => {
    expect(mailjet.decode(post(path, body))).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining(why) });
  });

  it.each([
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', Headers: { 'BCC': 'eve@example.test' } }, [['ann@example.test', 'to'], ['eve@example.test', 'Headers.bcc']]],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', Forward: { to: 'eve@example.test' } }, [['ann@example.test', 'to'], ['eve@example.test', 'Forward/to']]],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'x1@lists.mailjet.com' }, [['x1@lists.mailjet.com', 'to'], ['contact list x1@lists.mailjet.com', 'list']]],
    ['/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', 'Mj-TemplateErrorReporting': { email: 'dev@example.test' } }, [['ann@example.test', 'to'], ['dev@example.test', 'Mj-TemplateErrorReporting/email']]],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ Email: 'ann@example.test' }], TemplateErrorReporting: [{ Email: 'dev@example.test' }] }] }, [['ann@example.test', 'to'], ['dev@example.test', 'TemplateErrorReporting/0/Email']]],
    ['/v3.1/send', { Messages: [{ ...from, To: [{ Email: 'ann@example.test' }], TemplateErrorReporting: 'Dev <dev@example.test>' }] }, [['ann@example.test', 'to'], ['dev@example.test', 'TemplateErrorReporting']]],
    ['/v4/sms-send', { From: 'Acme', To: '+15005550006', Text: 'hi', Copy: '+15005550009' }, [['+15005550006', 'to'], ['+15005550009', 'Copy']]],
    ['/v3/REST/campaigndraft/12/send', { Extra: 'eve@example.test' }, [['campaigndraft 12', 'audience'], ['eve@example.test', 'body/Extra']]],
    ['/v3/REST/newsletter/12/test', { Recipients: [{ Email: 'ann@example.test' }], Extra: 'eve@example.test' }, [['ann@example.test', 'to'], ['eve@example.test', 'Extra']]],
  ])('%s %j reaches %j', (path, body, reached) => {
    const decoded = mailjet.decode(post(path, body));
    expect(decoded.kind === 'effects' && decoded.effects.flatMap(({ recipients }) => recipients.map(({ address, role }) => [address, role]))).toEqual(reached);
  });

  it('a read with a body is not understood', () => {
    expect(mailjet.decode({ ...post('/v3/REST/sender', {}), method: 'GET' })).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('a GET carries a body') });
  });

  it('answers for nobody whom only a header names', async () => {
    const request = post('/v3/send', { FromEmail: 'a@b.test', 'Text-part': 't', To: 'ann@example.test', Headers: { Bcc: 'eve@example.test' } });
    const { reply } = await mailjet.simulate(request, mailjet.decode(request), memory().context());
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ Sent: [{ Email: 'ann@example.test' }] });
  });

  it.each([[true, 'test'], [false, 'unknown'], ['true', 'unknown'], [1, 'unknown'], [null, 'unknown']])('SandboxMode %j is %s', (SandboxMode, liveness) => {
    expect(mailjet.decode(post('/v3.1/send', { SandboxMode, Messages: [{ ...from, To: [{ Email: 'ann@example.test' }] }] }))).toMatchObject({ effects: [{ liveness }] });
  });

  it.each(['/v3.1/send/', '/v3.1//send', '/V3.1/send', '/v3.1/./send', '/v3.1/x/../send', '/v3.1%2Fsend', '/v3/send/message', '/v3/rest/contact', '/v3/REST/contactslist/a%2Fb/managecontact'])('POST %s is not simulated', (path) => {
    expect(mailjet.decode(post(path, { Messages: [{ ...from, To: [{ Email: 'ann@example.test' }] }] })).kind).toBe('unrecognized');
  });
});
