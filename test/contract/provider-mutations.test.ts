import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { mailsInside } from './mail-inside.ts';
import { cutInTwoWays, disguised, duplicated, garbage, queryDuplicated, queryReordered, reordered, truncated } from './provider-mutations.ts';

const mail = 'From: a@example.test\r\nTo: b@example.test,\r\n c@example.test\r\nSubject: s\r\n\r\nbody';
const base64 = Buffer.from(mail).toString('base64');
const call = (type: string, body: string): HttpRequest => parseHttpFile(Buffer.from(`POST /send HTTP/1.1\r\nHost: api.acme.example\r\nContent-Type: ${type}\r\n\r\n${body}`, 'latin1'));
const part = (name: string, text: string): string => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
const calls: Readonly<Record<string, HttpRequest>> = {
  'a JSON object': call('application/json', '{"to":"a","text":"b"}'),
  'a JSON list': call('application/json', '[{"to":"a"},{"to":"b"}]'),
  'a form': call('application/x-www-form-urlencoded', 'to=a&text=b'),
  'form-data': call('multipart/form-data; boundary=b', `${part('to', 'a')}${part('text', 'c')}--b--`),
  'a related multipart': call('multipart/related; boundary=b', `--b\r\ncontent-type: application/json\r\n\r\n{}\r\n--b\r\ncontent-type: message/rfc822\r\n\r\n${mail}\r\n--b--`),
  XML: call('text/xml', '<?xml version="1.0"?><send><to>a</to><text>b</text></send>'),
  'a mail': call('message/rfc822', mail),
  'a mail in base64': call('text/plain', base64),
  'a mail in a field': call('application/x-www-form-urlencoded', `Action=SendRawEmail&RawMessage.Data=${encodeURIComponent(base64)}`),
  'a mail in JSON': call('application/json', JSON.stringify({ message: { raw: Buffer.from(mail).toString('base64url') } })),
};
const bodies = (mutations: readonly { readonly request: HttpRequest }[]): readonly string[] => mutations.map(({ request }) => Buffer.from(request.body).toString('latin1'));

describe.each(Object.entries(calls))('%s', (_name, request) => {
  it('is mutated into nothing that is itself', () => {
    const body = Buffer.from(request.body).toString('latin1');
    for (const mutations of [truncated(request), duplicated(request), garbage(request), reordered(request)]) {
      expect(bodies(mutations)).not.toContain(body);
      for (const { request: { headers, body: changed } } of mutations.filter(({ what }) => !what.includes('as declared'))) expect(headers.find(([name]) => name === 'Content-Length')?.[1]).toBe(String(changed.length));
    }
    expect(Math.min(truncated(request).length, duplicated(request).length, garbage(request).length)).toBeGreaterThan(0);
    expect(disguised(request).length).toBeGreaterThan(10);
  });
});

describe('in its own grammar', () => {
  it('a part comes again before, behind and at the end, and the parts come backwards', () => {
    const request = calls['form-data']!;
    expect(bodies(duplicated(request))).toContain(`${part('to', 'a')}${part('to', 'other')}${part('text', 'c')}--b--`);
    expect(bodies(duplicated(request))).toContain(`${part('to', 'other')}${part('to', 'a')}${part('text', 'c')}--b--`);
    expect(bodies(duplicated(request))).toContain(`${part('to', 'a')}${part('text', 'c')}${part('to', 'other')}--b--`);
    expect(bodies(reordered(request))).toEqual([`${part('text', 'c')}${part('to', 'a')}--b--`]);
    const cuts = bodies(cutInTwoWays(request));
    expect(new Set([...cuts, Buffer.from(request.body).toString()]).size).toBe(9);
  });

  it('an element of a list comes again, and keys of one twice', () => {
    expect(bodies(duplicated(calls['a JSON list']!))).toEqual(expect.arrayContaining(['[{"to":"a"},{"to":"b"},{"to":"a"}]', '[{"to":"a"},{"to":"b","to":null}]']));
    expect(bodies(reordered(calls['a JSON list']!))[0]).toBe('[{"to":"b"},{"to":"a"}]');
  });

  it('an XML leaf comes again, and leaves come backwards', () => {
    expect(bodies(duplicated(calls['XML']!))).toContain('<?xml version="1.0"?><send><to>a</to><to>other</to><text>b</text></send>');
    expect(bodies(reordered(calls['XML']!))).toEqual(['<?xml version="1.0"?><send><text>b</text><to>a</to></send>']);
  });

  it('a mail is found wherever it is, and its fields come again and backwards', () => {
    const holders = Object.entries(calls).filter(([, request]) => mailsInside(request).length > 0).map(([name]) => name);
    expect(holders).toEqual(['a related multipart', 'a mail', 'a mail in base64', 'a mail in a field', 'a mail in JSON']);
    for (const name of holders) expect(mailsInside(calls[name]!)[0]!.mail).toBe(mail);
    expect(bodies(duplicated(calls['a mail']!))).toContain(mail.replace('\r\nSubject', '\r\nTo: other@example.test\r\nSubject'));
    expect(bodies(reordered(calls['a mail']!))).toEqual(['Subject: s\r\nTo: b@example.test,\r\n c@example.test\r\nFrom: a@example.test\r\n\r\nbody']);
  });

  it('a query is a form', () => {
    const request = { ...calls['a form']!, query: 'To=a&Text=b' };
    expect(queryDuplicated(request).map((each) => each.request.query)).toContain('To=other&To=a&Text=b');
    expect(queryReordered(request)[0]!.request.query).toBe('Text=b&To=a');
  });
});

