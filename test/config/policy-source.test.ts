import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPolicySource } from '../../src/config/policy-source.ts';
import type { PolicyLoad, PolicySource, PolicyState, PolicyText } from '../../src/config/policy-source.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).toReversed()) close();
});

/** A policy here is a text that says 'good'. */
function load(text: string, file: string): PolicyLoad<string> {
  return text.includes('good')
    ? { kind: 'loaded', policy: text }
    : { kind: 'problems', problems: [{ file, line: 1, column: 1, key: 'rules', found: text, expected: 'good' }] };
}
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'fourthwall-policy-'));
  closing.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
function open(source: PolicyText, watch = false): PolicySource<string> {
  const opened = openPolicySource({ load, source, watch });
  if (opened.kind === 'problems') throw new Error(JSON.stringify(opened.problems));
  closing.push(() => opened.source.close());
  return opened.source;
}
/** resolves with the first state that satisfies the test */
function until(source: PolicySource<string>, test: (state: PolicyState<string>) => boolean): Promise<PolicyState<string>> {
  return new Promise((resolve) => {
    const unsubscribe = source.subscribe((state) => {
      if (!test(state)) return;
      unsubscribe();
      resolve(state);
    });
  });
}

describe('the policy in force', () => {
  it('gives the problems and no source when the first load fails or there is no file', () => {
    expect(openPolicySource({ load, source: { inline: 'bad' } })).toMatchObject({ kind: 'problems', problems: [{ file: 'FOURTHWALL_POLICY', found: 'bad' }] });
    expect(openPolicySource({ load, source: { file: join(folder(), 'none.yaml') } })).toMatchObject({ kind: 'problems', problems: [{ found: 'no readable file (ENOENT)' }] });
  });

  it('holds an inline policy', () => {
    expect(open({ inline: 'good 1' }).state()).toEqual({ policy: 'good 1', status: 'current', problems: [] });
  });

  it('keeps the old policy in force, as stale, when the new text does not load or the file is gone', () => {
    const file = join(folder(), 'policy.yaml');
    writeFileSync(file, 'good 1');
    const source = open({ file });
    const listener = vi.fn<(state: PolicyState<string>) => void>();
    source.subscribe(listener);

    writeFileSync(file, 'bad');
    source.reload();
    expect(source.state()).toMatchObject({ policy: 'good 1', status: 'stale', problems: [{ found: 'bad' }] });

    rmSync(file);
    source.reload();
    source.reload();
    expect(source.state()).toMatchObject({ policy: 'good 1', status: 'stale', problems: [{ found: 'no readable file (ENOENT)' }] });

    writeFileSync(file, 'good 2');
    source.reload();
    source.reload();
    expect(source.state()).toEqual({ policy: 'good 2', status: 'current', problems: [] });
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it('is current again when the old text comes back', () => {
    const file = join(folder(), 'policy.yaml');
    writeFileSync(file, 'good 1');
    const source = open({ file });
    writeFileSync(file, 'bad');
    source.reload();
    writeFileSync(file, 'good 1');
    source.reload();
    expect(source.state().status).toBe('current');
  });

  it('sees a file written in place and one that an editor renames over it', async () => {
    const directory = folder();
    const file = join(directory, 'policy.yaml');
    writeFileSync(file, 'good 1');
    const source = open({ file }, true);

    const inPlace = until(source, (state) => state.policy === 'good 2');
    writeFileSync(file, 'good 2');
    expect(await inPlace).toMatchObject({ status: 'current' });

    const renamed = until(source, (state) => state.policy === 'good 3');
    writeFileSync(join(directory, '.policy.yaml.swp'), 'good 3');
    renameSync(join(directory, '.policy.yaml.swp'), file);
    expect(await renamed).toMatchObject({ status: 'current' });

    const broken = until(source, (state) => state.problems.some((problem) => problem.found === 'bad'));
    writeFileSync(file, 'bad');
    expect(await broken).toMatchObject({ policy: 'good 3', status: 'stale' });
  });
});
