import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/model/exchange.ts';
import { decodeCall } from '../../../src/providers/wire/json-api.ts';
import type { JsonRoute } from '../../../src/providers/wire/json-api.ts';
import { emptyReply } from '../../../src/providers/wire/reply.ts';
import { parseHttpFile } from '../../support/http-file.ts';

const answer: JsonRoute['answer'] = async () => ({ reply: emptyReply(204) });
const routes: readonly JsonRoute[] = [
  { method: 'GET', path: /^\/v1\/mails$/, operation: 'mails.list', answer },
  { method: 'POST', path: /^\/v1\/mails$/, operation: 'mails.send', answer, effects: () => [] },
  { method: 'DELETE', path: /^\/v1\/mails$/, operation: 'mails.delete', query: true, answer, effects: () => [] },
];
const call = (text: string): HttpRequest => parseHttpFile(Buffer.from(text));

describe('decodeCall', () => {
  it.each<[string, string, string]>([
    ['a read', 'GET /v1/mails?limit=5 HTTP/1.1\n\n', 'read'],
    ['a send', 'POST /v1/mails HTTP/1.1\nContent-Type: application/json\n\n{}', 'effects'],
    ['a send without a body', 'POST /v1/mails HTTP/1.1\n\n', 'effects'],
    ['a body that says null', 'POST /v1/mails HTTP/1.1\nContent-Type: application/json\n\nnull', 'Acme mails.send: the body is null'],
    ['a read with a body', 'GET /v1/mails HTTP/1.1\nContent-Type: application/json\n\n{"to":"x"}', 'Acme mails.list: a GET carries a body'],
    ['a bad escape in a query', 'GET /v1/mails?limit=%zz HTTP/1.1\n\n', 'Acme mails.list: form field 1'],
    ['a send with a query', 'POST /v1/mails?to=x HTTP/1.1\nContent-Type: application/json\n\n{}', 'Acme mails.send: a POST carries parameters in its query'],
    ['a query where the vendor reads one', 'DELETE /v1/mails?ids=1 HTTP/1.1\n\n', 'effects'],
    ['a bad escape in that', 'DELETE /v1/mails?ids=%zz HTTP/1.1\n\n', 'Acme mails.delete: form field 1'],
    ['another method in a header', 'GET /v1/mails HTTP/1.1\nX-HTTP-Method-Override: POST\n\n', 'Acme: a header asks for another method'],
    ['another case', 'POST /V1/mails HTTP/1.1\nContent-Type: application/json\n\n{}', 'Acme POST /*/mails is not simulated'],
    ['two slashes', 'POST /v1//mails HTTP/1.1\nContent-Type: application/json\n\n{}', 'Acme POST /v1//mails is not simulated'],
    ['a dot segment', 'POST /v1/x/../mails HTTP/1.1\nContent-Type: application/json\n\n{}', 'Acme POST /v1/x/*/mails is not simulated'],
    ['a person in the path, who is not named', 'POST /v1/mails/ann@x.test HTTP/1.1\n\n', 'Acme POST /v1/mails/* is not simulated'],
  ])('takes %s for what it is', (_what, text, expected) => {
    const decoded = decodeCall('Acme', routes, call(text));
    if (decoded.kind === 'unrecognized') expect(decoded.why).toContain(expected);
    else expect(decoded.kind).toBe(expected);
  });
});
