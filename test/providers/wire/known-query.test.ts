import { expect, it } from 'vitest';
import { withoutKnownQuery } from '../../../src/providers/wire/known-query.ts';
import { parseHttpFile } from '../../support/http-file.ts';

const known = { alt: /^json$/, c: /^(?:push|sms)$/ };

it.each<[string, string, string | null]>([
  ['without one', '', null],
  ['of known parameters', '?alt=json&c=sms', null],
  ['that is empty', '?', null],
  ['with another value', '?alt=media', 'alt=media'],
  ['with another parameter', '?alt=json&to=ann', 'alt=json&to=ann'],
  ['with a parameter twice', '?c=push&c=push', 'c=push&c=push'],
  ['that inherits its name', '?constructor=json', 'constructor=json'],
  ['that cannot be read', '?alt=%zz', 'alt=%zz'],
])('a query %s', (_what, query, left) => {
  const request = parseHttpFile(Buffer.from(`POST /send${query} HTTP/1.1\nHost: api.example.test\n\n`));
  expect(withoutKnownQuery(request, known).query).toBe(left);
});
