import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskValue } from '../../../src/control/masking/mask-value.ts';
import { shownBy } from '../../../src/control/masking/shown-address.ts';
import { parseEmailPattern, parsePhonePattern } from '../../../src/policy/safe.ts';

const pattern = <T>(parsed: { readonly value: T } | { readonly expected: string }): T => { if ('expected' in parsed) throw new Error(parsed.expected); return parsed.value; };
const shown = shownBy({ emails: [pattern(parseEmailPattern('qa+*@ours.com', 'qa'))], phones: [pattern(parsePhonePattern('+4915100000001', 'ours'))], devices: [] });
const mask = (value: unknown): unknown => maskValue(value, shown);

describe('an address in a text', () => {
  it.each([
    ['anna.schmidt@gmail.com', 'a•••@gmail.com'],
    ['bob@web.de', '•••@web.de'],
    ['qa+7@ours.com and qa@example.test', 'qa+7@ours.com and qa@example.test'],
    ['someone@ours.com', 's•••@ours.com'],
    ['"anna schmidt"@gmail.com', '•••@gmail.com'],
    ['Anna <anna.schmidt@gmail.com>, Bob <bob@web.de>', 'Anna <a•••@gmail.com>, Bob <•••@web.de>'],
    ['https://x.test/?email=anna.schmidt@gmail.com&x=1', 'https://x.test/?email=a•••@gmail.com&x=1'],
    ['https://x.test/u/anna.schmidt%40gmail.com/off', 'https://x.test/u/a•••@gmail.com/off'],
    ['https://x.test/u/anna.schmidt%2540gmail.com/off', 'https://x.test/u/•••/off'],
    ['https://x.test/u/YW5uYS5zY2htaWR0QGdtYWlsLmNvbQ/off', 'https://x.test/u/•••/off'],
    ['id=x616e6e612e7363686d69647440676d61696c2e636f6d', 'id=•••'],
    ['anna.schmidt&#64;gmail.com', 'a•••@gmail.com'],
    ['<b>anna</b>.schmidt@gmail.com', 'a•••@gmail.com'],
    ['anna.schmidt\\u0040gmail.com', 'a•••@gmail.com'],
    ['=?utf-8?Q?anna.schmidt=40gmail.com?=', '=?utf-8?Q?a•••@gmail.com?='],
    ['ORCPT=rfc822;anna.schmidt+40gmail.com', 'ORCPT=rfc822;a•••@gmail.com'],
    ['bounce+anna=gmail.com@list.example.test', '•••@list.example.test'],
    ['anna.schmidt＠gmail.com', 'a•••@gmail.com'],
    ['anna\u200b.schmidt@gmail.com', '•••@gmail.com'],
    ['the end is anna.schmidt@gmai…', 'the end is a•••@gmai…'],
    ['annä.müller@gmäil.com', '•••@gmäil.com'],
    ['root@localhost', 'root@localhost'],
    ['+49 151 12345678', '+49•••••78'], ['+1 (415) 555-2671', '+1•••••71'], ['0049 151 12345678', '+49•••••78'], ['%2B4915112345678', '+49•••••78'],
    ['+4915100000001 +15005550006', '+4915100000001 +15005550006'],
    ['tel:+491511234567', 'tel:+49•••••67'],
  ])('%s', (text, masked) => {
    expect(mask(text)).toBe(masked);
    expect(mask(mask(text))).toBe(masked);
  });

  it.each(['2026-11-21T10:00:00.000Z', 'order 20261121-0007', 'cap_01JD0000000000000000000001', 'c0ffee'.repeat(10), '1+1 = 2', 'Sat, 21 Nov 2026 10:00:00 +0100 (CET)', '@media print { a { b: c } }', 'text/html; charset=utf-8; q=0.9', '4242 4242 4242 4242'])(
    'what is no address stays: %s', (text) => { expect(mask(text)).toBe(text); });
});

describe('recipients of a capture', () => {
  const capture = (recipients: readonly object[], more: object): Record<string, unknown> => mask({ id: 'cap_1', seq: 7_000_000, service: 'news', recipients, ...more }) as Record<string, unknown>;
  const to = (address: string, kind: string, standing = 'real'): object => ({ address, kind, role: 'to', standing, why: 'said so' });

  it('are hidden by their kind, the safe and reserved ones shown', () => {
    expect(capture([to('anna.schmidt@gmail.com', 'email'), to('qa+1@ours.com', 'email', 'safe'), to('a@example.test', 'email', 'reserved'), to('+4915112345678', 'phone'), to('token-abcdef', 'device'), to('Anna Schmidt', 'customer', 'unknown'), to('cus_1', 'customer', 'reserved')], {})['recipients'])
      .toMatchObject([{ address: 'a•••@gmail.com' }, { address: 'qa+1@ours.com' }, { address: 'a@example.test' }, { address: '+49•••••78' }, { address: '•••' }, { address: '•••' }, { address: 'cus_1' }]);
  });

  it('one that was safe when it was captured and no longer is, is hidden', () => {
    expect(capture([to('was@ours.com', 'email', 'safe')], {})['recipients']).toMatchObject([{ address: '•••@ours.com' }]);
  });

  it('are found in any spelling below, in names of fields, texts and JSON numbers', () => {
    const masked = JSON.stringify(capture([to('+4915112345678', 'phone'), to('Token-ABCDEF-123456', 'device'), to('news', 'topic', 'unknown')], {
      title: 'ring 0151 / 123 456 78 now', note: 'token-abcdef-123456', decoded: { kind: 'effects', effects: [{ template: { 'token-ABCDEF-123456': 1, n: 4915112345678 } }] }, links: ['https://x.test/?d=token%2Dabcdef%2D123456'],
    }));
    expect(masked).not.toMatch(/123.?456.?78|abcdef/i);
    expect(masked).toContain('"service":"news"');
    expect(masked).toContain('"seq":7000000');
  });

  it.each(['015112345678 2026-11-21', '015112345678 015199999999', '20261121 20261122 015112345678', '0151 12345678/0151 99999999'])('a national number is found beside other numbers: %s', (title) => {
    expect(capture([to('+4915112345678', 'phone')], { title })['title']).not.toMatch(/1511|123.?456/);
  });

  it.each([['123456789', 'chat'], ['-1001234567', 'chat'], ['12345', 'chat'], ['12345678', 'customer']])('%s of a %s is found though it is a number', (address, kind) => {
    const masked = JSON.stringify(capture([to(address, kind)], {
      title: `to ${address}`, request: { kind: 'http', headers: [], body: { encoding: 'utf8', data: JSON.stringify({ id: Number(address), text: address }), size: 40, truncated: false } },
    }));
    expect(masked).not.toContain(address.replace('-', '').slice(0, 5));
    expect(masked).not.toContain('withheld');
  });

  it('that stand at the end of a text cut off are hidden, however little is left of them', () => {
    expect(capture([to('anna.schmidt@gmail.com', 'email')], { title: 'your mail anna.sch…' })['title']).toBe('your mail •••…');
  });
});

describe('a body', () => {
  const body = (data: string, type: string | null, more: object = {}): unknown => {
    const masked = mask({ id: 'cap_1', seq: 1, recipients: [{ address: '+4915112345678', kind: 'phone', role: 'to', standing: 'real', why: '' }], request: { kind: 'http', headers: type === null ? [] : [['Content-Type', type]], body: { encoding: 'utf8', data, size: data.length, truncated: false, href: '/raw', ...more } } });
    return (masked as { request: { body: unknown } }).request.body;
  };
  it.each([
    ['application/json', '{"to":"4915199999999","n":4915112345678,"x":"a.long@gmail.com"}', '{"to":"•••••99","n":"•••••78","x":"a•••@gmail.com"}'],
    ['application/json', '{"inner":"{\\"phone\\":\\"4915199999999\\"}"}', '{"inner":"{\\"phone\\":\\"•••••99\\"}"}'],
    ['application/x-www-form-urlencoded', 'To=%2B4915112345678&Body=a.long%40gmail.com+hi', 'To=%2B49•••••78&Body=a•••@gmail.com+hi'],
    ['text/plain', 'a.long@gmail.com', 'a•••@gmail.com'],
  ])('of %s is masked as what it is: %s', (type, data, masked) => {
    expect(body(data, type)).toEqual({ encoding: 'utf8', data: masked, size: data.length, truncated: false, href: null });
  });

  it.each([
    ['a mail', 'Subject: x\r\nTo: a@b.c\r\n\r\nYWJj', 'text/plain', {}],
    ['a multipart', '--x\r\ncontent-disposition: form-data\r\n\r\nx\r\n--x--', 'multipart/form-data; boundary=x', {}],
    ['bytes', 'AAAA', 'application/json', { encoding: 'base64' }],
    ['what is cut off', 'a mail to anna.schmidt', 'text/plain', { truncated: true }],
    ['JSON that does not parse', '{"a":"b', 'application/json', {}],
  ])('that is %s is withheld', (_what, data, type, more) => {
    expect(body(data, type, more)).toMatchObject({ encoding: 'none', data: '', href: null, withheld: expect.stringMatching(/mask/) });
  });
});

it('whatever the words around it and whatever the encoding, a known address never comes through', () => {
  const encodings: readonly ((text: string) => string)[] = [
    (text) => text, encodeURIComponent, (text) => encodeURIComponent(encodeURIComponent(text)), (text) => Buffer.from(text).toString('base64'), (text) => Buffer.from(text).toString('base64url'), (text) => Buffer.from(text).toString('hex'),
    (text) => text.replaceAll('@', '&#64;'), (text) => text.replaceAll('@', '&commat;'), (text) => text.replaceAll('@', '\\u0040'), (text) => text.replaceAll('@', '=40'), (text) => text.toUpperCase(), (text) => JSON.stringify(JSON.stringify({ [text]: text })),
  ];
  const local = fc.stringMatching(/^[a-z][a-z0-9._+-]{3,12}[a-z0-9]$/);
  fc.assert(fc.property(local, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), fc.constantFrom(...encodings), (name, before, after, encode) => {
    const address = `${name}@gmail.com`;
    const text = mask({ recipients: [{ address, kind: 'email', role: 'to', standing: 'real', why: '' }], text: `${before} ${encode(address)} ${after}` }) as { text: string };
    for (const spelled of [address, encode(address)]) expect(text.text.toLowerCase()).not.toContain(spelled.toLowerCase());
  }), { numRuns: 400 });
});

it('is linear in the size of what it reads', () => {
  for (const hostile of ['a@'.repeat(50_000), '@'.repeat(100_000), '1 '.repeat(50_000), '+1'.repeat(50_000), '<'.repeat(100_000), '%40'.repeat(30_000), 'a=40'.repeat(20_000), `${'"'.repeat(50_000)}@x.de`]) {
    const start = performance.now();
    mask(hostile);
    expect(performance.now() - start, hostile.slice(0, 8)).toBeLessThan(4_000);
  }
});

it('base64 in lines is hidden whole: an address may begin in one line and end in the next', () => {
  const coded = Buffer.from(`${'x'.repeat(50)} anna.schmidt@gmail.com ${'y'.repeat(80)}`).toString('base64').replace(/(.{76})/g, '$1\r\n');
  expect(mask({ file: coded })).toEqual({ file: '•••' });
});

it('takes no longer for a mailing to ten thousand than it may, and hides what it does not read', () => {
  const recipients = (kind: string, address: (n: number) => string): readonly object[] => Array.from({ length: 10_000 }, (_, n) => ({ address: address(n), kind, role: 'to', standing: 'real', why: 'its domain is on the public internet' }));
  for (const list of [recipients('email', (n) => `customer.${n}@gmail.com`), recipients('device', (n) => `token-${'x'.repeat(100)}${n}`), recipients('phone', (n) => `+4915112${String(n).padStart(6, '0')}`)]) {
    const start = performance.now();
    const masked = JSON.stringify(mask({ id: 'cap_1', seq: 1, recipients: list, title: 'hello', decoded: { kind: 'effects', effects: [{ recipients: list, text: 'dear customer.7@gmail.com' }] } }));
    expect(performance.now() - start).toBeLessThan(8_000);
    expect(masked).not.toMatch(/customer\.\d|token-x|15112\d/);
  }
  expect(mask('x '.repeat(200_000))).toBe('•••');
  const flood = JSON.stringify(mask(Array.from({ length: 50 }, (_, n) => `${'lorem ipsum '.repeat(10_000)}${n} anna.schmidt@gmail.com`)));
  expect(flood).not.toContain('anna');
});
