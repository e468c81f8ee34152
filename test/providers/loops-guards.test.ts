import { expect, it } from 'vitest';
import { loops } from '../../src/providers/loops/index.ts';
import { parseHttpFile } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';

const call = (line: string, body: object | null, header = 'Accept: */*') => parseHttpFile(Buffer.from(
  `${line} HTTP/1.1\nHost: app.loops.so\nContent-Type: application/json\n${header}\n\n${body === null ? '' : JSON.stringify(body)}`));
const mail = { transactionalId: 'cm1', email: 'ann@example.test' };

it.each<[string, string, object | null, string?]>([
  ['a send with a query', 'POST /api/v1/transactional?email=eve@example.test', mail],
  ['a send by another method', 'PUT /api/v1/transactional', mail],
  ['a header that asks for another method', 'POST /api/v1/transactional', mail, 'X-HTTP-Method-Override: DELETE'],
  ['a path in capitals', 'POST /api/v1/Transactional', mail],
  ['a path with a slash at its end', 'POST /api/v1/transactional/', mail],
  ['a dot segment', 'POST /api/v1/./transactional', mail],
  ['an escaped path', 'POST /api/v1/%74ransactional', mail],
  ['no body', 'POST /api/v1/transactional', null],
  ['a list of addresses', 'POST /api/v1/transactional', { ...mail, email: ['ann@example.test'] }],
  ['a blank address', 'POST /api/v1/transactional', { ...mail, email: ' ' }],
  ['an event of nobody', 'POST /api/v1/events/send', { eventName: 'x' }],
  ['an id that is a number', 'POST /api/v1/events/send', { eventName: 'x', userId: 7 }],
  ['a preview to nobody', 'POST /api/v1/email-messages/cm1/preview', { emails: [] }],
  ['a read with a body', 'GET /api/v1/lists', {}],
])('does not guess what %s means', (_what, line, body, header) => {
  expect(loops.decode(call(line, body, header))).toMatchObject({ kind: 'unrecognized', why: expect.stringMatching(/^Loops: /) });
});

it('takes addToAudience for true unless it is surely not', () => {
  for (const [given, audience] of [[true, 1], ['true', 1], [1, 1], [false, 0], [null, 0]] as const) {
    const decoded = loops.decode(call('POST /api/v1/transactional', { ...mail, addToAudience: given }));
    expect(decoded.kind === 'effects' && decoded.effects[0]!.recipients.filter(({ kind }) => kind === 'audience').length).toBe(audience);
  }
});

it.each([
  ['an idempotency key that is too long', mail, `Idempotency-Key: ${'k'.repeat(101)}`],
  ['a mail without a template', { email: 'ann@example.test' }, 'Accept: */*'],
  ['an address that is none', { ...mail, email: 'nobody' }, 'Accept: */*'],
])('answers %s with 400 and tells nobody of it', async (_what, body, header) => {
  const request = call('POST /api/v1/transactional', body, header);
  const { reply, callbacks = [] } = await loops.simulate(request, loops.decode(request), memory().context());
  expect([reply.status, callbacks]).toEqual([400, []]);
});
