import { readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Problem } from '../policy/problem.ts';

export type PolicyLoad<P> =
  | { readonly kind: 'loaded'; readonly policy: P }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** What is in force. `stale`: the file has changed since and does not load; the old policy stays in force. */
export interface PolicyState<P> {
  readonly policy: P;
  readonly status: 'current' | 'stale';
  /** of the text that does not load; empty when current */
  readonly problems: readonly Problem[];
}

export interface PolicySource<P> {
  state(): PolicyState<P>;
  /** looks at the file now; what SIGHUP and the watcher call */
  reload(): void;
  /** called after every change of the state; returns the unsubscribe function */
  subscribe(listener: (state: PolicyState<P>) => void): () => void;
  close(): void;
}

export type PolicyText = { readonly file: string } | { readonly inline: string };

/**
 * Opens the policy of a file or of FOURTHWALL_POLICY and keeps it current. Without a valid first policy there is no
 * source at all: the caller exits. Afterwards a text that does not load, or a file that is gone, never changes what is in force.
 * @param options.load text and the name for its problems -> policy
 * @param options.watch false = only `reload()`
 */
export function openPolicySource<P>(options: {
  readonly load: (text: string, file: string) => PolicyLoad<P>;
  readonly source: PolicyText;
  readonly watch?: boolean;
}): { readonly kind: 'opened'; readonly source: PolicySource<P> } | { readonly kind: 'problems'; readonly problems: readonly Problem[] } {
  const { source } = options;
  const name = 'file' in source ? source.file : 'FOURTHWALL_POLICY';
  const first = read(source);
  const loaded = typeof first === 'string' ? options.load(first, name) : { kind: 'problems' as const, problems: [first] };
  if (loaded.kind === 'problems') return loaded;

  let state: PolicyState<P> = { policy: loaded.policy, status: 'current', problems: [] };
  let seen = first;
  const listeners = new Set<(state: PolicyState<P>) => void>();

  function reload(): void {
    const text = read(source);
    if (text === seen || (typeof text !== 'string' && typeof seen !== 'string' && text.found === seen.found)) return;
    seen = text;
    const next = typeof text === 'string' ? options.load(text, name) : { kind: 'problems' as const, problems: [text] };
    state = next.kind === 'loaded'
      ? { policy: next.policy, status: 'current', problems: [] }
      : { policy: state.policy, status: 'stale', problems: next.problems };
    for (const listener of listeners) listener(state);
  }

  // the directory and not the file: editors write a new file and rename it, Kubernetes swaps a link
  const watcher = 'file' in source && options.watch !== false
    ? watch(dirname(source.file), { persistent: false }, (_kind, changed) => {
      if (changed === null || changed === basename(source.file) || changed === '..data') reload();
    })
    : null;
  // a directory that goes away ends the watch; what is in force stays so, and says that it may be old
  watcher?.on('error', reload);
  if (watcher !== null) reload(); // a change between the first read and the watch

  return {
    kind: 'opened',
    source: {
      state: () => state,
      reload,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      close() {
        watcher?.close();
        listeners.clear();
      },
    },
  };
}

function read(source: PolicyText): string | Problem {
  if ('inline' in source) return source.inline;
  try {
    return readFileSync(source.file, 'utf8');
  } catch (fault) {
    const why = fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault);
    return { file: source.file, line: 0, column: 0, key: '', found: `no readable file (${why})`, expected: 'a policy' };
  }
}
