import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { Liveness } from '../../src/model/side-effect.ts';
import { twilio } from '../../src/providers/twilio/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

const path = '/2010-04-01/Accounts/ACtest/Messages.json';

function post(fields: Readonly<Record<string, string>>): HttpRequest {
  return parseHttpFile(Buffer.from(`POST ${path} HTTP/1.1\nHost: api.twilio.com\nContent-Type: application/x-www-form-urlencoded\n\n${new URLSearchParams(fields).toString()}`));
}

async function answer(request: HttpRequest, liveness: Liveness = 'unknown'): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const { reply } = await twilio.simulate(request, twilio.decode(request), memory().context({ liveness }));
  return { status: reply.status, body: JSON.parse(Buffer.from(reply.body).toString()) as Record<string, unknown> };
}

describe('creating a message', () => {
  it('is answered field for field as Twilio does', async () => {
    expect(await answer(post({ To: '+15005550006', From: '+15005550007', Body: 'Grüße' }))).toEqual({
      status: 201,
      body: {
        account_sid: 'ACtest', api_version: '2010-04-01', body: 'Grüße', date_created: 'Sat, 21 Nov 2026 09:00:00 +0000', date_sent: null,
        date_updated: 'Sat, 21 Nov 2026 09:00:00 +0000', direction: 'outbound-api', error_code: null, error_message: null, from: '+15005550007',
        messaging_service_sid: null, num_media: '0', num_segments: '1', price: null, price_unit: 'USD', sid: expect.stringMatching(/^SM[0-9a-f]{32}$/), status: 'queued',
        subresource_uris: { media: expect.stringMatching(/\/Messages\/SM[0-9a-f]{32}\/Media\.json$/) }, tags: null, to: '+15005550006',
        uri: expect.stringMatching(/^\/2010-04-01\/Accounts\/ACtest\/Messages\/SM[0-9a-f]{32}\.json$/),
      },
    });
  });

  it.each([
    ['two media', { To: '+15005550006', From: '+1', MediaUrl: 'https://x.test/a.png' }, { num_media: '1', sid: expect.stringMatching(/^MM/) }],
    ['a long text', { To: '+15005550006', From: '+1', Body: 'a'.repeat(161) }, { num_segments: '2' }],
    ['a service', { To: '+15005550006', MessagingServiceSid: 'MG1', Body: 'a' }, { status: 'accepted', from: null, num_segments: '0', messaging_service_sid: 'MG1' }],
    ['a schedule', { To: '+15005550006', MessagingServiceSid: 'MG1', Body: 'a', ScheduleType: 'fixed', SendAt: '2030-01-01T00:00:00Z' }, { status: 'scheduled' }],
  ])('with %s', async (_what, fields, body) => {
    expect(await answer(post(fields as unknown as Record<string, string>))).toMatchObject({ status: 201, body });
  });

  it.each([
    ['without a sender', { To: '+15005550006', Body: 'a' }, 21603],
    ['without anything to say', { To: '+15005550006', From: '+1' }, 21602],
    ['with too much to say', { To: '+15005550006', From: '+1', Body: 'a'.repeat(1601) }, 21617],
    ['to what is no number', { To: '12', From: '+1', Body: 'a' }, 21211],
  ])('%s is refused in Twilio’s words', async (_what, fields, code) => {
    expect(await answer(post(fields as unknown as Record<string, string>))).toMatchObject({ status: 400, body: { code, status: 400, more_info: `https://www.twilio.com/docs/errors/${code}` } });
  });

  it.each([
    ['To', '+15005550001', 21211], ['To', '+15005550002', 21612], ['To', '+15005550003', 21408], ['To', '+15005550004', 21610], ['To', '+15005550009', 21614],
    ['From', '+15005550001', 21212], ['From', '+15005550007', 21606], ['From', '+15005550008', 21611], ['From', '+14155552671', 21606],
  ])('knows the magic %s %s for a credential known to be a test one, and for no other', async (name, number, code) => {
    const request = post({ To: '+15005550006', From: '+15005550006', Body: 'a', [name]: number });
    expect(await answer(request, 'test')).toMatchObject({ status: 400, body: { code } });
    expect(await answer(request, 'unknown')).toMatchObject({ status: 201 });
    expect(await answer(request, 'live')).toMatchObject({ status: 201 });
  });
});

describe('listing messages', () => {
  it('filters by the day they were sent', async () => {
    const kept = memory();
    for (const [call, day] of [[1, 0], [2, 1], [3, 2]] as const) {
      const request = post({ To: '+15005550006', From: '+1', Body: `day ${day}` });
      const context = kept.context({ call, now: fixedNow + day * 86_400_000 });
      kept.keep((await twilio.simulate(request, twilio.decode(request), context)).remember ?? []);
    }
    const bodies = async (query: string): Promise<readonly string[]> => {
      const request = parseHttpFile(Buffer.from(`GET ${path}?${query} HTTP/1.1\nHost: api.twilio.com\n\n`));
      const { reply } = await twilio.simulate(request, twilio.decode(request), kept.context({ call: 9 }));
      return (JSON.parse(Buffer.from(reply.body).toString()) as { messages: { body: string }[] }).messages.map(({ body }) => body);
    };
    expect(await bodies('DateSent=2026-11-22')).toEqual(['day 1']);
    expect(await bodies('DateSent%3E=2026-11-22')).toEqual(['day 2', 'day 1']);
    expect(await bodies('DateSent%3C=2026-11-22')).toEqual(['day 0']);
    expect(await bodies('To=%2B14155552671')).toEqual([]);
  });
});

it('draws no status callback for a message that may still be canceled', async () => {
  const request = post({ To: '+15005550006', MessagingServiceSid: 'MG1', Body: 'a', ScheduleType: 'fixed', SendAt: '2030-01-01T00:00:00Z', StatusCallback: 'https://app.example.test/status' });
  expect((await twilio.simulate(request, twilio.decode(request), memory().context())).callbacks).toEqual([]);
});

it('tells accounts apart by the path, where the credential is an API key', () => {
  const request = { ...post({ To: '+1' }), headers: [['Authorization', `Basic ${Buffer.from('SK1:secret').toString('base64')}`]] as const };
  expect(twilio.account(request)).toBe('ACtest');
  expect(twilio.account({ ...request, path: '/v2/Services/VA1/Verifications' })).toBe('SK1');
});

it('does not understand a call that asks for another method', () => {
  const fetch = parseHttpFile(Buffer.from(`GET ${path} HTTP/1.1\nHost: api.twilio.com\nX-HTTP-Method-Override: POST\n\n`));
  expect(twilio.decode(fetch)).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('another method') });
});

it('does not understand a read that carries a body', () => {
  const list = parseHttpFile(Buffer.from(`GET ${path} HTTP/1.1\nHost: api.twilio.com\nContent-Type: application/x-www-form-urlencoded\n\nTo=%2B14155552671&Body=hi`));
  expect(twilio.decode(list)).toMatchObject({ kind: 'unrecognized', why: expect.stringContaining('carries a body') });
});

describe('a message that names a content template', () => {
  const call = (host: string, target: string, type: string, body: string): HttpRequest => parseHttpFile(Buffer.from(`POST ${target} HTTP/1.1\nHost: ${host}\nContent-Type: ${type}\n\n${body}`));
  const create = call('content.twilio.com', '/v1/Content', 'application/json', JSON.stringify({ friendly_name: 'hello', language: 'en', variables: { 1: 'you', 2: 'soon' }, types: { 'twilio/media': { body: 'Hi {{1}}, see you {{2}}', media: ['https://x.test/a.png'] } } }));

  it('says what the template says, with the variables of the message before those of the template', async () => {
    const kept = memory();
    const made = await twilio.simulate(create, twilio.decode(create), kept.context());
    kept.keep(made.remember ?? []);
    const { sid } = JSON.parse(Buffer.from(made.reply.body).toString()) as { sid: string };
    const request = post({ To: '+15005550006', From: '+1', ContentSid: sid, ContentVariables: '{"1":"Ann"}' });
    expect(await twilio.recalled(request, twilio.decode(request), kept.context())).toMatchObject({ effects: [{ recipients: [{ address: '+15005550006' }], text: 'Hi Ann, see you soon', media: ['https://x.test/a.png'], template: { id: sid, data: { 1: 'Ann' } } }] });
    const { reply } = await twilio.simulate(request, twilio.decode(request), kept.context({ call: 2 }));
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({ body: 'Hi Ann, see you soon', num_media: '1' });
  });

  it('says nothing of its own where the template is not known', async () => {
    const request = post({ To: '+15005550006', From: '+1', ContentSid: 'HX1' });
    expect(await twilio.recalled(request, twilio.decode(request), memory().context())).toEqual(twilio.decode(request));
  });

  it('cannot be rewritten where the body is JSON', () => {
    const nobody = { capture: 'cap_1', host: null, credential: null, value: (value: string) => value, recipient: () => null, sender: () => null, subject: (text: string) => text, text: (text: string) => text };
    expect(twilio.rewrite(create, nobody)).toMatchObject({ kind: 'impossible' });
    expect(twilio.said(create)).toBeNull();
  });
});
