import { expect, test } from 'vitest';
import { watch } from '../../src/control/changes.ts';

function source(): { readonly subscribe: (listener: () => void) => () => void; commit(): void; readonly listeners: Set<() => void> } {
  const listeners = new Set<() => void>();
  return {
    listeners,
    subscribe(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    commit() { for (const listener of listeners) listener(); },
  };
}

const never = Number.MAX_SAFE_INTEGER;

test('a commit between the look and the wait is not missed', async () => {
  const store = source();
  const changes = watch(store, () => 0, new AbortController().signal);
  store.commit();
  expect(await changes.next(never)).toBe('changed');
});

test('a commit during the wait ends it, and many commits are one change', async () => {
  const store = source();
  const changes = watch(store, () => 0, new AbortController().signal);
  const next = changes.next(never);
  store.commit();
  store.commit();
  expect(await next).toBe('changed');
  expect(await changes.next(0)).toBe('deadline');
});

test('at the deadline it is over; a change before it goes first', async () => {
  const store = source();
  const changes = watch(store, () => 10, new AbortController().signal);
  expect(await changes.next(10)).toBe('deadline');
  store.commit();
  expect(await changes.next(10)).toBe('changed');
  expect(await watch(store, () => Date.now(), new AbortController().signal).next(Date.now() + 5)).toBe('deadline');
});

test('an abort ends the wait, and goes before everything', async () => {
  const store = source();
  const abort = new AbortController();
  const changes = watch(store, () => 0, abort.signal);
  const next = changes.next(never);
  abort.abort();
  expect(await next).toBe('aborted');
  store.commit();
  expect(await changes.next(never)).toBe('aborted');
});

test('stopping leaves no listener', () => {
  const store = source();
  watch(store, () => 0, new AbortController().signal).stop();
  expect(store.listeners.size).toBe(0);
});
