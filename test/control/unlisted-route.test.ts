import fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answersFor } from '../../src/control/access/answers.ts';
import { roles, tokenOf } from './access-harness.ts';
import { requireCaller } from '../../src/control/auth.ts';
import { answerError } from '../../src/control/problem.ts';

const app = fastify();
const safe = () => ({ emails: [], phones: [], devices: [] });
const note = async (): Promise<void> => undefined;
let url = '';
beforeAll(async () => {
  app.setErrorHandler(answerError);
  requireCaller(app, {
    now: Date.now, secure: false, safe, note,
    auth: {
      kind: 'tokens', users: [{ name: 'ann', password: 'x', role: 'reader' }],
      tokens: [...roles.map((role) => ({ name: role, role, token: tokenOf(role), expires: null })), { name: 'blue', role: 'admin', token: tokenOf('blue'), expires: null, spaces: ['blue'] }],
    },
  });
  answersFor(app, { note, safe });
  // what somebody adds and says nothing of
  app.get('/api/new', async () => ({ to: 'anna.schmidt@gmail.com' }));
  app.get('/api/new/text', async () => 'to anna.schmidt@gmail.com');
  app.get('/api/new/bytes', async () => Buffer.from('to anna.schmidt@gmail.com'));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => { await app.close(); });

test('a route that does not say what it does is closed to every role but an admin of everything', async () => {
  for (const who of [...roles, 'blue']) expect([who, (await fetch(`${url}/api/new`, { headers: { authorization: `Bearer ${tokenOf(who)}` } })).status]).toEqual([who, who === 'admin' ? 200 : 403]);
  expect((await fetch(`${url}/api/new`)).status).toBe(401);
});

test('and what it answers is masked like everything else: JSON and text, while bytes are refused', async () => {
  const ask = (path: string): Promise<Response> => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${tokenOf('admin')}` } });
  expect(await (await ask('/api/new')).json()).toEqual({ to: 'a•••@gmail.com' });
  expect(await (await ask('/api/new/text')).text()).toBe('to a•••@gmail.com');
  const bytes = await ask('/api/new/bytes');
  expect([bytes.status, await bytes.text()]).toEqual([403, expect.not.stringContaining('anna')]);
});
