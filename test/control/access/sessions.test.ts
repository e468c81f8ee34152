import { expect, it } from 'vitest';
import { anybody } from '../../../src/control/access/caller.ts';
import { openSessions } from '../../../src/control/access/sessions.ts';

it('who signs in again and again ends the first of their own sessions, and nobody else\'s', () => {
  const sessions = openSessions(() => 0);
  const ann = sessions.begin({ ...anybody, actor: 'user ann' });
  const noisy = Array.from({ length: 12_000 }, () => sessions.begin({ ...anybody, actor: 'token github' }));
  expect(sessions.find(ann)?.caller.actor).toBe('user ann');
  expect(noisy.filter((cookie) => sessions.find(cookie) !== null)).toEqual(noisy.slice(-100));
});
