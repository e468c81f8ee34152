import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { whatIsWrongWith, type Subject } from '../../../src/model/erasure.ts';
import { mentionsOf } from '../../../src/store/erasure/mentions.ts';

const email: Subject = { kind: 'email', value: 'jane@c.example' };
const phone: Subject = { kind: 'phone', value: '+49 170 5551234' };
const customer: Subject = { kind: 'customer', value: 'cus_1234' };

test.each<[Subject, string, 'whole' | 'part' | 'none']>([
  [email, 'To: Jane@C.Example, x', 'whole'], [email, '<jane@c.example>', 'whole'], [email, 'write to jane@c.example.', 'whole'], [email, 'jane@c.example.pdf', 'whole'],
  [email, 'mary.jane@c.example', 'part'], [email, 'jane@c.example.org', 'part'], [email, 'jane@c.example-shop.org', 'part'], [email, 'xjane@c.example', 'part'], [email, 'jane@d.example', 'none'],
  [email, 'mary%2Ejane%40c.example', 'part'], [email, 'mary\\u002ejane@c.example', 'part'], [email, '"\\njane@c.example"', 'whole'],
  [phone, '+491705551234', 'whole'], [phone, '00491705551234', 'whole'], [phone, '491705551234', 'whole'], [phone, 'tel:+49-170-555-1234', 'whole'], [phone, '+49 (170) 555.12 34', 'whole'], [phone, 'To=%2B491705551234', 'whole'],
  [phone, '14917055512345', 'part'], [phone, '+4917055512345', 'part'], [phone, 'id_491705551234', 'whole'], [phone, '+491705551235', 'none'],
  [customer, '/v1/customers/cus_1234', 'whole'], [customer, 'cus_12345', 'part'], [customer, 'xcus_1234', 'part'], [customer, '"CUS_1234"', 'whole'],
])('%o in %j: %s', (subject, text, mention) => {
  expect(mentionsOf([subject]).inText(text)).toBe(mention);
});

test.each([['gzip', gzipSync], ['deflate', deflateSync], ['zstd', zstdCompressSync], ['brotli', brotliCompressSync]] as const)('a body in %s is unpacked', (_coding, pack) => {
  const { inBytes } = mentionsOf([email]);
  expect(inBytes(pack(Buffer.from(`${'x '.repeat(100)}jane@c.example`)))).toBe('whole');
  expect(inBytes(pack(Buffer.from(`${'x '.repeat(100)}mary@c.example`)))).toBe('none');
});

test('a long body of one letter, of digits or of escapes is read to its end', () => {
  const { inText } = mentionsOf([email, phone]);
  for (const filler of ['a', '49 ', '%41', '\\u0041', '=41', '&#65;']) expect(inText(`${filler.repeat(1_000_000)} jane@c.example`)).toBe('whole');
});

test('what is packed into itself beyond all measure is not said to hold nothing', () => {
  let text = 'x';
  for (let nth = 0; nth < 7; nth += 1) text = JSON.stringify(JSON.stringify({ a: text + Buffer.from(text.repeat(3)).toString('base64') }));
  expect(() => mentionsOf([email]).inText(text)).toThrow(/too often/);
});

test('blotting keeps everything but the texts that mention somebody', () => {
  expect(JSON.parse(mentionsOf([email]).blotted(JSON.stringify({ state: 'tripped', n: 3, of: ['jane@c.example', 'mary@c.example'], 'jane@c.example': { to: 'hello jane@c.example' } }))))
    .toEqual({ state: 'tripped', n: 3, of: ['[erased]', 'mary@c.example'], '[erased]': { to: '[erased]' } });
});

test.each<[Subject, boolean]>([[email, true], [phone, true], [customer, true], [{ kind: 'email', value: 'a b@c' }, false], [{ kind: 'phone', value: '0170x' }, false], [{ kind: 'device', value: '12345' }, false]])('%o can be looked for: %s', (subject, can) => {
  expect(whatIsWrongWith(subject) === null).toBe(can);
});
