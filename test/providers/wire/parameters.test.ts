import { describe, expect, it } from 'vitest';
import { parametersOf } from '../../../src/providers/wire/parameters.ts';
import { parseHttpFile } from '../../support/http-file.ts';

describe('parametersOf', () => {
  const call = (line: string, type: string | null = null, body = ''): ReturnType<typeof parametersOf> =>
    parametersOf(parseHttpFile(Buffer.from([`${line} HTTP/1.1`, 'Host: rest.vendor.example', ...(type === null ? [] : [`Content-Type: ${type}`]), '', body].join('\r\n'))));

  it.each([
    ['a query', call('GET /sms?to=1&text=a%20b'), { to: '1', text: 'a b' }],
    ['a form', call('POST /sms', 'application/x-www-form-urlencoded', 'to=1&text=a+b'), { to: '1', text: 'a b' }],
    ['a JSON object', call('POST /sms', 'application/json', '{"to":1,"text":"a b"}'), { to: 1, text: 'a b' }],
    ['a credential in the query and the rest in a form', call('POST /sms?key=k', 'application/x-www-form-urlencoded', 'to=1'), { key: 'k', to: '1' }],
    ['nothing at all', call('POST /sms'), {}],
  ])('reads %s', (_what, content, body) => {
    expect(content).toMatchObject({ kind: 'content', body });
  });

  it.each([
    ['a parameter twice in the query', call('GET /sms?to=1&to=2')],
    ['a parameter in query and body', call('POST /sms?to=1', 'application/x-www-form-urlencoded', 'to=2')],
    ['a JSON key in the query too', call('POST /sms?to=1', 'application/json', '{"to":"2"}')],
    ['a body of a GET', call('GET /sms?to=1', 'application/json', '{"text":"a"}')],
    ['a list', call('POST /sms', 'application/json', '["to"]')],
    ['a body of no type', call('POST /sms', null, 'to=1')],
    ['another type', call('POST /sms', 'text/plain', 'to=1')],
    ['a control character before a name', call('GET /sms?%00to=1')],
    ['a prototype', call('GET /sms?__proto__=1')],
  ])('does not read %s', (_what, content) => {
    expect(content.kind).toBe('unreadable');
  });
});
