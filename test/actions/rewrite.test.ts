import { describe, expect, it } from 'vitest';
import { changeOf } from '../../src/actions/change.ts';
import { masked, strayIn } from '../../src/actions/strays.ts';
import type { Rewrite } from '../../src/model/decision.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { header } from '../../src/model/exchange.ts';
import type { Rewritten } from '../../src/model/provider.ts';
import type { HttpProvider } from '../../src/model/provider.ts';
import { parseEmailPattern, parsePhonePattern } from '../../src/policy/safe.ts';
import type { Safe } from '../../src/policy/safe.ts';
import type { Pattern } from '../../src/policy/pattern.ts';
import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { stripe } from '../../src/providers/stripe/index.ts';
import { twilio } from '../../src/providers/twilio/index.ts';

const pattern = (parsed: ReturnType<typeof parseEmailPattern>): Pattern => {
  if (!('value' in parsed)) throw new Error(parsed.expected);
  return parsed.value;
};
const safe: Safe = {
  emails: ['*@example.test', 'qa+*@ourcompany.test'].map((each) => pattern(parseEmailPattern(each, each))),
  phones: [pattern(parsePhonePattern('+15005550006', '+15005550006'))], devices: [],
};
const live = `${'sk_'}${'live_'}0123456789abcdef`;
const test = `${'sk_'}${'test_'}0123456789abcdef`;
const key = new Uint8Array(32).fill(7);
const change = (...rewrites: readonly Rewrite[]) => changeOf(rewrites, { safe, key, capture: 'cap_1' });
const toQa: Rewrite = { kind: 'recipients', template: 'qa+{n}@ourcompany.test', keep: null };
const keepSafe: Rewrite = { kind: 'recipients', template: null, keep: 'safe' };
const subject: Rewrite = { kind: 'subject', template: '[staging] {subject}' };
const mask: Rewrite = { kind: 'body', mask: true };

function call(host: string, path: string, body: string, headers: HttpRequest['headers'] = [], method = 'POST'): HttpRequest {
  const type = body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    kind: 'http', method, scheme: 'https', authority: { host, port: 443 }, path, query: null, version: '1.1',
    headers: [['Host', host], ...body === '' ? [] : [['Content-Type', type], ['Content-Length', String(Buffer.byteLength(body))]] as const, ...headers], trailers: [], body: Buffer.from(body),
  };
}
const sent = (made: Rewritten<HttpRequest> | undefined): HttpRequest => {
  if (made?.kind !== 'rewritten') throw new Error(made?.why);
  return made.request;
};
const whole = (request: HttpRequest): string => JSON.stringify([request.path, request.query, request.headers, Buffer.from(request.body).toString()]);
const reached = (provider: HttpProvider, request: HttpRequest): readonly string[] => {
  const decoded = provider.decode(request);
  return decoded.kind === 'effects' ? decoded.effects.flatMap((effect) => effect.recipients.map(({ address }) => address)) : [decoded.kind];
};

describe('SendGrid', () => {
  const mail = (more: Readonly<Record<string, unknown>> = {}): HttpRequest => call('api.sendgrid.com', '/v3/mail/send', JSON.stringify({
    personalizations: [{ to: [{ email: 'ann@gmail.com', name: 'Ann' }], cc: [{ email: 'bob@gmail.com' }, { email: 'qa@example.test' }], bcc: [{ email: 'eve@gmail.com', name: 'eve@gmail.com' }], subject: 'For Ann', headers: { 'X-A': 'ann@gmail.com' } }],
    from: { email: 'shop@shop.com' }, reply_to: { email: 'help@gmail.com' }, reply_to_list: [{ email: 'help@gmail.com' }], subject: 'Order', headers: { 'X-B': 'bob@gmail.com' },
    content: [{ type: 'text/plain', value: 'hello' }], mail_settings: { bcc: { enable: true, email: 'audit@gmail.com' } }, ...more,
  }), [['Authorization', 'Bearer SG.old'], ['Cookie', 'a=ann@gmail.com'], ['On-Behalf-Of', 'sub']]);

  it('changes to, cc, bcc, mail_settings.bcc and the reply addresses together, and drops the mail\'s own headers', () => {
    const request = sent(sendgrid.rewrite(mail(), change(toQa, subject)));
    expect(whole(request)).not.toContain('gmail');
    expect(reached(sendgrid, request)).toEqual(['qa+1@ourcompany.test', 'qa+2@ourcompany.test', 'qa@example.test', 'qa+3@ourcompany.test', 'qa+5@ourcompany.test']); // +4 answers
    const body = JSON.parse(Buffer.from(request.body).toString()) as Record<string, unknown>;
    expect(body).toMatchObject({ subject: '[staging] Order', headers: { 'X-Fourthwall-Capture': 'cap_1' }, from: { email: 'shop@shop.com' }, personalizations: [{ subject: '[staging] For Ann' }] });
    expect(header(request.headers, 'cookie')).toBeNull();
  });

  it('keeps the safe ones only, and puts one of them into to', () => {
    const request = sent(sendgrid.rewrite(mail(), change(keepSafe)));
    expect(reached(sendgrid, request)).toEqual(['qa@example.test']);
    expect(JSON.parse(Buffer.from(request.body).toString())).toMatchObject({ personalizations: [{ to: [{ email: 'qa@example.test' }] }] });
    expect(whole(request)).not.toContain('gmail');
  });

  it('is impossible where nobody is left, and for a campaign', () => {
    const lonely = mail({ personalizations: [{ to: [{ email: 'ann@gmail.com' }] }], mail_settings: undefined });
    expect(sendgrid.rewrite(lonely, change(keepSafe))).toMatchObject({ kind: 'impossible', why: 'no recipient is left' });
    expect(sendgrid.rewrite(call('api.sendgrid.com', '/v3/marketing/singlesends/x/schedule', '{"send_at":"now"}', [], 'PUT'), change(toQa))).toMatchObject({ kind: 'impossible' });
  });

  it('carries the new credential only, and not the old account', () => {
    const request = sent(sendgrid.rewrite(mail(), change(toQa, { kind: 'credential', value: 'SG.new' })));
    expect(header(request.headers, 'authorization')).toBe('Bearer SG.new');
    expect(whole(request)).not.toMatch(/SG\.old|On-Behalf-Of/);
  });

  it.each([
    ['a substitution', { personalizations: [{ to: [{ email: 'qa@example.test' }], substitutions: { '-m-': 'ann@gmail.com' } }] }],
    ['template data', { personalizations: [{ to: [{ email: 'qa@example.test' }], dynamic_template_data: { deep: ['call +14155552671'] } }] }],
    ['content', { content: [{ type: 'text/html', value: '<a href="https://x.test/?m=ann%40gmail.com">x</a>' }] }],
    ['a custom argument', { custom_args: { who: 'ann@gmail.com' } }],
  ])('names a person left in %s, and masks him where that is asked for', (_where, more) => {
    const left = (request: HttpRequest): readonly (string | null)[] => (sendgrid.said(request) ?? []).map((each) => strayIn(safe, each)).filter((each) => each !== null);
    expect(left(sent(sendgrid.rewrite(mail(more), change(toQa))))).not.toEqual([]);
    expect(left(sent(sendgrid.rewrite(mail(more), change(toQa, mask))))).toEqual([]);
  });
});

describe('Twilio', () => {
  const account = `AC${'0'.repeat(32)}`;
  const authorization = ['Authorization', `Basic ${Buffer.from(`${account}:old`).toString('base64')}`] as const;
  const message = (fields: Readonly<Record<string, string>>): HttpRequest =>
    call('api.twilio.com', `/2010-04-01/Accounts/${account}/Messages.json`, new URLSearchParams(fields).toString(), [authorization]);
  const toTest: Rewrite = { kind: 'recipients', template: '+15005550006', keep: null };

  it.each([['+14155552671', '+15005550006'], ['whatsapp:+14155552671', 'whatsapp:+15005550006'], ['+15005550006', '+15005550006']])('sends %s to %s', (to, expected) => {
    const request = sent(twilio.rewrite(message({ To: to, From: '+14155550000', Body: 'code 1234' }), change(toTest)));
    expect(reached(twilio, request)).toEqual([expected]);
    expect(Buffer.from(request.body).toString()).toContain('From=%2B14155550000');
  });

  it('puts the new account into path and credential', () => {
    const other = `AC${'1'.repeat(32)}`;
    const request = sent(twilio.rewrite(message({ To: '+14155552671', Body: 'x' }), change(toTest, { kind: 'credential', value: `${other}:new` })));
    expect(request.path).toBe(`/2010-04-01/Accounts/${other}/Messages.json`);
    expect(header(request.headers, 'authorization')).toBe(`Basic ${Buffer.from(`${other}:new`).toString('base64')}`);
    expect(whole(request)).not.toContain(account);
  });

  it.each(['new', 'SK123:secret', `AC1:${'x'}\r\nX-Evil: 1`])('takes no credential that is not an account and its token: %j', (value) => {
    expect(twilio.rewrite(message({ To: '+14155552671', Body: 'x' }), change(toTest, { kind: 'credential', value }))).toMatchObject({ kind: 'impossible' });
  });

  it('leaves a recipient of another kind for the guard, and drops nobody into nothing', () => {
    expect(reached(twilio, sent(twilio.rewrite(message({ To: '+14155552671', Body: 'x' }), change(toQa))))).toEqual(['+14155552671']);
    expect(twilio.rewrite(message({ To: '+14155552671', Body: 'x' }), change(keepSafe))).toMatchObject({ kind: 'impossible', why: 'no recipient is left' });
  });

  it('finds a number left in the text', () => {
    const said = (request: HttpRequest): readonly (string | null)[] => (twilio.said(request) ?? []).map((each) => strayIn(safe, each)).filter((each) => each !== null);
    const text = message({ To: '+14155552671', From: '+14155550000', Body: 'Ann (+1 415 555 2671) called' });
    expect(said(sent(twilio.rewrite(text, change(toTest))))).toEqual(['+14155552671']);
    expect(said(sent(twilio.rewrite(text, change(toTest, mask))))).toEqual([]);
  });
});

describe('Stripe', () => {
  const toTestKey: Rewrite = { kind: 'credential', value: test };
  const bearer = ['Authorization', `Bearer ${live}`] as const;

  it.each([
    ['a bearer', call('api.stripe.com', '/v1/payment_intents', 'amount=100&currency=eur', [bearer])],
    ['a user of Basic', call('api.stripe.com', '/v1/payment_intents', 'amount=100&currency=eur', [['Authorization', `Basic ${Buffer.from(`${live}:`).toString('base64')}`]])],
    ['a field of the body', call('api.stripe.com', '/v1/payment_intents', `amount=100&currency=eur&key=${live}`)],
    ['a field of the query', { ...call('api.stripe.com', '/v1/balance', '', [], 'GET'), query: `key=${live}` }],
  ])('replaces a live key that is %s', (_where, request) => {
    expect(stripe.decode(request)).toMatchObject(request.method === 'GET' ? { liveness: 'live' } : { effects: [{ liveness: 'live' }] });
    const made = sent(stripe.rewrite(request, change(toTestKey)));
    expect(header(made.headers, 'authorization')).toBe(`Bearer ${test}`);
    expect(whole(made)).not.toContain(live);
    expect(stripe.decode(made)).toMatchObject(request.method === 'GET' ? { liveness: 'test' } : { effects: [{ liveness: 'test' }] });
  });

  it('is live still where a live key stands anywhere else', () => {
    const made = sent(stripe.rewrite(call('api.stripe.com', '/v1/payment_intents', `amount=100&currency=eur&description=${live}`, [bearer]), change(toTestKey)));
    expect(stripe.decode(made)).toMatchObject({ effects: [{ liveness: 'live' }] });
  });

  it('changes every address Stripe could write to, at any depth, and leaves metadata for the search', () => {
    const body = 'amount=100&currency=eur&receipt_email=ann%40gmail.com&payment_method_data[billing_details][email]=bob%40gmail.com&metadata[email]=eve%40gmail.com';
    const made = sent(stripe.rewrite(call('api.stripe.com', '/v1/payment_intents', body, [bearer]), change(toQa, toTestKey)));
    expect(reached(stripe, made)).toEqual(['qa+1@ourcompany.test', 'qa+2@ourcompany.test']);
    expect((stripe.said(made) ?? []).map((each) => strayIn(safe, each)).filter((each) => each !== null)).toEqual(['eve@gmail.com']);
    expect(reached(stripe, sent(stripe.rewrite(call('api.stripe.com', '/v1/payment_intents', body, [bearer]), change(keepSafe))))).toEqual([]);
  });

  it('rewrites no upload and no garbled form', () => {
    expect(stripe.rewrite(call('api.stripe.com', '/v1/payment_intents', 'amount=100&amount=200', [bearer]), change(toTestKey))).toMatchObject({ kind: 'impossible' });
    const upload = { ...call('files.stripe.com', '/v1/files', '', [bearer, ['Content-Type', 'multipart/form-data; boundary=b']]), body: Buffer.from('--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\ndispute_evidence\r\n--b--\r\n') };
    expect(stripe.rewrite(upload, change(toTestKey))).toMatchObject({ kind: 'impossible' });
  });
});

describe('who is named in a text', () => {
  it.each([
    ['plain', 'write to ann@gmail.com.', 'ann@gmail.com'], ['in a link', 'https://x.test/?mail=ann@gmail.com&x=1', 'ann@gmail.com'],
    ['percent-encoded', 'mailto:ann%40gmail.com', 'ann@gmail.com'], ['fullwidth', 'ann＠gmail.com', 'ann@gmail.com'], ['with an invisible letter', 'ann@gm\u200bail.com', 'ann@gmail.com'],
    ['quoted', '"ann smith"@gmail.com', '""@gmail.com'], ['another script', 'анна@почта.рф', 'анна@почта.рф'],
    ['a number', 'call +49 (171) 123-4567', '+491711234567'], ['a number with 00', 'call 0049 171 1234567', '+491711234567'], ['an American one', 'call (415) 555-2671 now', '+14155552671'],
    ['a number in other digits', 'call +٤٩ ١٧١ ١٢٣٤٥٦٧', '+491711234567'], ['a link to dial', '<a href="tel:01711234567">x</a>', '01711234567'], ['WhatsApp', 'https://wa.me/491711234567', '+491711234567'],
  ])('%s: found', (_form, text, expected) => {
    expect(strayIn(safe, { text, form: 'plain' })).toBe(expected);
  });

  it.each([['a reference', 'ann&#64;gmail.com'], ['a named reference', 'ann&commat;gmail.com'], ['tags between', 'ann<b>@</b>gmail<!-- x -->.com']])('in HTML, %s: found', (_form, text) => {
    expect(strayIn(safe, { text, form: 'html' })).toBe('ann@gmail.com');
  });

  it.each([
    'qa@example.test and qa+7@ourcompany.test', 'user@customer.example', 'call +1 415 555 0123', 'Order 4242 4242 4242 4242 of 2026-11-21T09:00:00+0100', '@media screen { a@b }',
    '12.50 EUR + 100 000 points', 'id 001234567890123456', 'logo@home',
  ])('nobody: %s', (text) => {
    expect(strayIn(safe, { text, form: 'html' })).toBeNull();
  });

  it('is masked where it stands as written, and found still where it does not', () => {
    expect(masked(safe, 'ann@gmail.com, qa@example.test, bob%40gmail.com, +14155552671')).toBe('[masked], qa@example.test, [masked], [masked]');
    expect(strayIn(safe, { text: masked(safe, 'ann<b>@</b>gmail.com'), form: 'html' })).toBe('ann@gmail.com');
  });

  it('takes time in proportion to the text', () => {
    const begun = performance.now();
    for (const text of ['@'.repeat(500_000), 'a'.repeat(500_000), '+1 '.repeat(200_000), 'a@'.repeat(200_000), '1-'.repeat(300_000), '<!--'.repeat(200_000), '<a'.repeat(300_000), '&#0'.repeat(300_000)]) strayIn(safe, { text, form: 'html' });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a template', () => {
  it('gives the same stand-in to the same address however it is written, and fills a value only once', () => {
    const made = change({ kind: 'recipients', template: 'qa+{hash}@ourcompany.test', keep: null }, { kind: 'subject', template: '{subject} {n} {hash}' });
    const one = made.recipient({ address: 'Ann@gmail.com', kind: 'email', role: 'to' });
    expect(one).toMatch(/^qa\+[0-9a-f]{12}@ourcompany\.test$/);
    expect(made.recipient({ address: 'ann@gmail.com', kind: 'email', role: 'cc' })).toBe(one);
    expect(made.subject('{n} $& {hash}')).toMatch(/^\{n\} \$& \{hash\} 1 [0-9a-f]{12}$/);
  });
});
