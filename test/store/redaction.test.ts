import fc from 'fast-check';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { CaptureDraft, Redaction } from '../../src/model/capture.ts';
import { requestBytes } from '../../src/model/summary.ts';
import { redact, redactCallback, redactEnrichment, redactValue } from '../../src/store/redaction.ts';
import { draft, email, enrichment, http, mail, payment, recipient } from '../contract/store-drafts.ts';
import { plantedSecrets } from './planted-secrets.ts';

const key = new Uint8Array(32).fill(1);

/** Every way a secret could be read out of what is stored, codings undone. */
function readings(kept: CaptureDraft): readonly string[] {
  const bytes = [requestBytes(kept.request), kept.reply?.kind === 'http' ? kept.reply.body : new Uint8Array(0)].map((view) => Buffer.from(view));
  const attachments = kept.decoded.kind === 'effects' ? kept.decoded.effects.flatMap((effect) => ('attachments' in effect ? effect.attachments.map(({ content }) => Buffer.from(content)) : [])) : [];
  const texts = [...bytes, ...attachments].map((view) => view.toString('latin1'));
  return [
    JSON.stringify(kept), ...texts, ...texts.map((text) => text.replaceAll('\0', '')),
    ...texts.map((text) => text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))),
    ...texts.map((text) => text.replace(/%([0-9A-F]{2})|\\u00([0-9A-F]{2})/gi, (_, a: string | undefined, b: string | undefined) => String.fromCharCode(parseInt(a ?? b!, 16)))),
    ...texts.flatMap((text) => [...text.matchAll(/[A-Za-z0-9+/]{20,}(?:\r\n[A-Za-z0-9+/]{4,})*={0,2}/g)].map(([run]) => Buffer.from(run.replace(/\s/g, ''), 'base64').toString('latin1'))),
    ...bytes.map((view) => { try { return gunzipSync(view).toString('latin1'); } catch { return ''; } }),
  ];
}

describe('credentials', () => {
  const planted = plantedSecrets();
  test('the planted secrets are forty or more, all different', () => {
    expect(new Set(planted.map(({ secret }) => secret)).size).toBe(planted.length);
    expect(planted.length).toBeGreaterThanOrEqual(40);
  });

  test.each(planted.map((each) => [each.where, each] as const))('%s: the secret is nowhere in the result, whichever way it is read', (_, { secret, draft: made }) => {
    expect(readings(made).some((text) => text.includes(secret)), 'planted').toBe(true);
    const kept = redact(made, key);
    // Less its public prefix, in case that alone was left: 'sk_live_' may be seen.
    const core = secret.slice(-14);
    expect(readings(kept).filter((text) => text.includes(core) || text.includes(`*${secret.slice(-2)} and more`))).toEqual([]);
    expect(requestBytes(kept.request)).toHaveLength(kept.redactions.some(({ where }) => where.includes('undone)')) ? requestBytes(kept.request).length : requestBytes(made.request).length);
  });

  test('scheme and kind stay readable, and the same credential has the same fingerprint', () => {
    const secret = `sk_${'test'}_${'a1B2'.repeat(6)}`;
    const one = redact(draft({ request: http({ headers: [['Authorization', `Bearer ${secret}`]] }) }), key);
    const two = redact(draft({ request: http({ headers: [['X-Odd', secret]], body: Buffer.from(`{"k":"${secret}"}`) }) }), key);
    expect(one.request.kind === 'http' && one.request.headers).toEqual([['Authorization', `Bearer sk_test_${'*'.repeat(24)}`]]);
    expect(one.redactions).toEqual([{ where: 'request.headers.authorization', offset: 15, length: 24, kind: 'credential', hint: 'sk_test_', fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) }]);
    expect(two.redactions.map(({ where, fingerprint }) => [where, fingerprint])).toEqual([['request.headers.x-odd', one.redactions[0]!.fingerprint], ['request.body', one.redactions[0]!.fingerprint]]);
    expect(Buffer.from(requestBytes(two.request)).toString()).toBe(`{"k":"sk_test_${'*'.repeat(24)}"}`);
  });

  test('offsets are those of the stored bytes', () => {
    const secret = `whsec_${'Zz9'.repeat(8)}`;
    const kept = redact(draft({ request: http({ body: Buffer.from(`{"ö":"x","s":"${secret}"}`) }) }), key);
    const { offset, length } = kept.redactions[0]!;
    expect(Buffer.from(requestBytes(kept.request)).toString('latin1', offset, offset + length)).toBe('*'.repeat(length));
  });

  test('what is no secret stays to the byte: object ids, push tokens, reset links, codes, idempotency keys, signatures of people', () => {
    const body = JSON.stringify({ token: 'push-token-0123456789abcdef', source: 'tok_visa', client_secret: 'pi_1_secret_2', refund: `re_3${'Nx'.repeat(11)}`, signature: 'Best regards, Ann',
      text: 'Reset: https://shop.test/reset?token=abcdef0123456789&x=1', code: '123456', note: 'task_test_runner', key: 'order' });
    const made = draft({ request: http({ headers: [['Idempotency-Key', 'a'.repeat(40)], ['User-Agent', 'x']], query: 'To=1&PageToken=PA1', body: Buffer.from(body) }),
      decoded: { kind: 'effects', effects: [{ ...email(), channel: 'push', title: 'x', text: 'y', data: {}, recipients: [recipient('push-token-0123456789abcdef', { kind: 'device' })] }] } });
    const kept = redact(made, key);
    expect(kept.redactions).toEqual([]);
    expect(kept).toEqual(made);
  });

  test.each([
    ['a page to go on from', { next_page_token: 'PAabcdef0123456789', PageToken: 'PAabcdef0123456789', nextToken: 'abcdef0123456789' }],
    ['what makes a call single, or says which version is meant', { version_token: 'abcdef0123456789', idempotency_key: 'abcdef0123456789', ClientRequestToken: 'abcdef0123456789' }],
    ['flags and states', { pass: true, has_password: false, password_set: 'x', token_count: 3, max_tokens: 10, network_token: { used: 'no' }, incremental_authorization: { status: 'unavailable' } }],
    ['public keys, ids and other words', { public_key: 'abcdef0123456789', compass: 'abcdef0123456789', shipping: 'abcdef0123456789', author: 'abcdef0123456789', key: 'order', payment_method: 'pm_card_visa', session: `cs_test_${'a1B2c3D4'.repeat(6)}` }],
    ['what a message tells its reader', { reset_token: 'abcdef0123456789', text: 'Reset: https://shop.test/reset?x=1&token=abcdef0123456789' }],
  ])('stays readable, in a body and in what a simulation remembers: %s', (_, value) => {
    const body = Buffer.from(JSON.stringify({ data: value, inner: JSON.stringify(value) }));
    expect(redact(draft({ request: http({ body }) }), key).redactions).toEqual([]);
    expect(redactValue({ data: value, inner: JSON.stringify(value) })).toEqual({ data: value, inner: JSON.stringify(value) });
  });

  test('an SMS keeps the link in its text, also where the form it came in is undone', () => {
    const body = Buffer.from(new URLSearchParams({ To: '+15005550006', Body: 'Reset: https://shop.test/reset?x=1&token=abcdef0123456789' }).toString());
    expect(redact(draft({ request: http({ body }) }), key).redactions).toEqual([]);
  });

  test('what a simulation remembers loses what stands under a secret name: in lists, objects and text', () => {
    const kept = redactValue({ metadata: { user_password: 'hunter2hunter2', secret: ['hunter2hunter2'], password: { value: 'hunter2hunter2' }, pin: 1234, inner: '{"api_key":"hunter2hunter2"}' } });
    expect(kept).toEqual({ metadata: { user_password: '*'.repeat(14), secret: ['*'.repeat(14)], password: { value: '*'.repeat(14) }, pin: null, inner: `{"api_key":"${'*'.repeat(14)}"}` } });
  });

  test('an address to call back loses its password and the secrets in its query', () => {
    expect(redactCallback('https://u:hunter2hunter2@hook.test/a?x=1&token=abcdef')).toBe(`https://u:${'*'.repeat(14)}@hook.test/a?x=1&token=******`);
    expect(redactCallback('https://hook.test/a?x=1')).toBe('https://hook.test/a?x=1');
  });

  test('a mail keeps its signatures that everybody may check, and its text', () => {
    const message = Buffer.from(`DKIM-Signature: v=1; b=${'aB3d'.repeat(8)}\r\nSubject: x\r\n\r\nYour password: abcdefghijk\r\nX-Auth-Token: abcdefghijkl\r\n`);
    expect(redact(draft({ request: mail({ message }) }), key).redactions).toEqual([]);
  });

  test('a gzip body without a secret is kept as it came; with one it is kept undone and says so', () => {
    const plain = gzipSync('{"to":"x"}');
    expect(redact(draft({ request: http({ headers: [['content-encoding', 'gzip']], body: plain }) }), key).request).toMatchObject({ body: plain });
    const kept = redact(draft({ request: http({ headers: [['content-encoding', 'gzip']], body: gzipSync(`{"password":"${'p4'.repeat(10)}"}`) }) }), key);
    expect(Buffer.from(requestBytes(kept.request)).toString()).toBe(`{"password":"${'*'.repeat(20)}"}`);
    expect(kept.redactions[0]?.where).toBe('request.body (gzip undone)');
  });

  test.each([['gzip', Buffer.from('not gzip at all')], ['br', gzipSync('x')], ['gzip', gzipSync(Buffer.alloc(21 * 1024 * 1024))], ['zip', Buffer.from('x')], ['gzip, rot13', gzipSync('x')]])(
    'of a %s body that cannot be undone nothing is kept', (coding, body) => {
      const kept = redact(draft({ request: http({ headers: [['Content-Encoding', coding]], body }) }), key);
      expect(Buffer.from(requestBytes(kept.request)).equals(Buffer.alloc(body.length, '*'))).toBe(true);
      expect(kept.redactions[0]?.where).toContain('not kept');
    });

  test('SMTP AUTH that stands in unreadable input is not kept', () => {
    const secret = Buffer.from('\0shop\0hunter2hunter2').toString('base64');
    for (const received of [`AUTH PLAIN ${secret}\r\n`, `AUTH LOGIN\r\nc2hvcA==\r\n${secret}\r\n`]) {
      const kept = redact(draft({ request: { kind: 'unreadable', protocol: 'smtp', authority: null, received: Buffer.from(received) } }), key);
      expect(Buffer.from(requestBytes(kept.request)).toString()).not.toContain(secret);
    }
  });

  test('enrichment is cut too: text, html and attachments', () => {
    const secret = `SG.${'aB3dE5gH7j'.repeat(2)}.${'kL9mN2pQ4s'.repeat(4)}`;
    const kept = redactEnrichment(enrichment({ text: `x ${secret}`, html: `<b>${secret}</b>`, attachments: [{ filename: null, contentType: 'text/plain', contentId: null, content: Buffer.from(secret) }] }));
    expect([kept.text, kept.html, Buffer.from(kept.attachments[0]!.content).toString()].join()).not.toContain(secret.slice(-14));
  });
});

describe('cards', () => {
  const real = ['4539 5787 6362 1486', '4539578763621486', '5425-2334-3010-9903', '374245455400126', '6011000991300009', '3566000020000410', '6250946000000016'];
  const cut = (digits: string): string => { let at = 0; return digits.replace(/[0-9]/g, (digit) => { at += 1; return at > 6 && at <= digits.replace(/\D/g, '').length - 4 ? '*' : digit; }); };

  test.each(real)('%s keeps its first six and last four digits', (number) => {
    const kept = redact(draft({ request: http({ body: Buffer.from(JSON.stringify({ card: { number } })) }), decoded: { kind: 'effects', effects: [payment({ description: number })] } }), key);
    const stored = (JSON.parse(Buffer.from(requestBytes(kept.request)).toString()) as { readonly card: { readonly number: string } }).card.number;
    expect(stored.replace(/\D/g, '')).toBe(cut(number).replace(/\D/g, ''));
    expect(stored).toHaveLength(number.length);
    expect(JSON.stringify(kept)).not.toContain(number);
    expect(kept.redactions).toMatchObject([{ kind: 'card', fingerprint: null }]);
  });

  test.each(['card[number]=4539+5787+6362+1486', 'card[number]=4539%205787%206362%201486', 'n=4539578763621486&x'])('in a form too: %s', (body) => {
    const kept = redact(draft({ request: http({ body: Buffer.from(body) }) }), key);
    expect(Buffer.from(requestBytes(kept.request)).toString().replace(/%20/g, '').replace(/[^0-9]/g, '')).toBe('4539571486');
  });

  test('public test cards, numbers that fail Luhn, unknown issuers and telephone numbers stay', () => {
    const text = '4242424242424242 4000000000000002 5555555555554444 4539578763621487 9999999999999995 +4915112345678 4915112345678 to=%2B4915112345678 +374245455400126';
    const kept = redact(draft({ request: mail({ message: Buffer.from(text) }) }), key);
    expect(Buffer.from(requestBytes(kept.request)).toString()).toBe(text);
  });

  test.each(['{"cvc":"123"}', '{"card":{"cvv": 1234}}', 'card[cvc]=123&x=1', 'payment_method_data%5Bcard%5D%5Bcvc%5D=123', '<cardCode>123</cardCode>',
    '--x\r\nContent-Disposition: form-data; name="card[cvc]"\r\n\r\n123\r\n--x--\r\n'])('the card code is always cut: %s', (body) => {
    const kept = redact(draft({ request: http({ body: Buffer.from(body) }), decoded: { kind: 'effects', effects: [Object.assign(payment(), { raw: { cvc: '123', security_code: 1234 } })] } }), key);
    expect(Buffer.from(requestBytes(kept.request)).toString()).not.toContain('123');
    expect(JSON.stringify(kept.decoded)).not.toContain('123');
    expect(kept.redactions.map(({ kind }) => kind)).toEqual(['cvc']);
  });
});

describe('whatever arrives', () => {
  test('megabytes in one piece are read to their end', () => {
    const hidden = `whsec_${'q7'.repeat(16)}`;
    const attachment = Buffer.concat([Buffer.alloc(6_000_000, 'some text, '), Buffer.from(` ${hidden}`)]);
    for (const body of [JSON.stringify({ content: attachment.toString('base64') }), JSON.stringify({ content: `${'a'.repeat(8_000_000)} ${hidden}` })]) {
      const kept = redact(draft({ request: http({ body: Buffer.from(body) }) }), key);
      expect(kept.redactions).toMatchObject([{ kind: 'credential', hint: 'whsec_' }]);
      expect(Buffer.from(requestBytes(kept.request)).toString().slice(-60)).not.toBe(body.slice(-60));
    }
  });

  const secret = `sk_${'live'}_${'x9Y8z7W6'.repeat(3)}`;
  const wrap: readonly ((text: string) => string)[] = [(text) => text, JSON.stringify, encodeURIComponent, (text) => Buffer.from(text).toString('base64'), (text) => `<a>${text}</a>`];

  test('bytes of any kind keep their length, are changed only where listed, and the same again', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 60 }), (noise, text) => {
      const body = Buffer.concat([Buffer.from(noise), Buffer.from(text)]);
      const kept = redact(draft({ id: 'cap_x', at: 'x', request: http({ body }) }), key);
      const stored = Buffer.from(requestBytes(kept.request));
      expect(stored).toHaveLength(body.length);
      const listed = (at: number): boolean => kept.redactions.some(({ where, offset, length }: Redaction) => where === 'request.body' && at >= offset && at < offset + length);
      for (let at = 0; at < body.length; at += 1) if (stored[at] !== body[at]) expect(listed(at)).toBe(true);
      expect(redact(kept, key).request).toEqual(kept.request);
    }), { numRuns: 300 });
  });

  test('a secret between any two texts, in any of the codings, is gone', () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), fc.constantFrom(...wrap), (before, after, coding) => {
      // The mark of a key is that it does not run on from a word before it.
      const text = coding(`${before} ${secret} ${after}`);
      const kept = redact(draft({ request: http({ headers: [['X-Note', 'a']], body: Buffer.from(text) }), decoded: { kind: 'effects', effects: [email({ text: `${before} ${secret}` })] } }), key);
      expect(readings(kept).filter((reading) => reading.includes(secret.slice(-16)))).toEqual([]);
    }), { numRuns: 300 });
  });
});
