import { expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/model/exchange.ts';
import { jsonOrForm } from '../../../src/providers/wire/json-or-form.ts';

const said = (type: string | null, text: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.example.test', port: 443 }, path: '/', query: null, version: '1.1', headers: type === null ? [] : [['Content-Type', type]], trailers: [], body: Buffer.from(text), ...more,
});
const form = 'application/x-www-form-urlencoded';

it.each<[string, HttpRequest, object]>([
  ['JSON', said('application/json', '{"a":{"b":1}}'), { body: { a: { b: 1 } }, query: [] }], ['a nested form', said(form, 'a[b]=1&a[c d]=2&e[]=3'), { body: { a: { 'b': '1', 'c d': '2' }, e: ['3'] }, query: [] }],
  ['nothing', said(null, ''), { body: null, query: [] }], ['a query of a GET', said(null, '', { method: 'GET', query: 'a=1' }), { body: null, query: [['a', '1']] }],
])('reads %s', (_, request, content) => {
  expect(jsonOrForm(request)).toEqual({ kind: 'content', ...content });
});

it.each<[string, HttpRequest]>([
  ['JSON that is called a form', said(form, '{"a":"b=c"}')], ['a form that is called JSON', said('application/json', 'a=1')], ['a field given twice', said(form, 'a=1&a=2')], ['a field of no name', said(form, '=1')], ['null', said('application/json', 'null')],
  ['a query beside a body', said('application/json', '{}', { query: 'a=1' })], ['a body of a GET', said('application/json', '{}', { method: 'GET' })], ['a body of no type', said(null, '{}')],
])('does not read %s', (_, request) => {
  expect(jsonOrForm(request).kind).toBe('unreadable');
});
