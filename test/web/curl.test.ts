import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredHttpRequest } from '../../src/model/capture.ts';
import type { Headers } from '../../src/model/exchange.ts';
import { curlCommand } from '../../src/web/capture/curl.ts';

const proxy = 'http://127.0.0.1:8080';
const request = (fields: { readonly method?: string; readonly url?: string; readonly headers?: Headers; readonly body?: string; readonly base64?: boolean }): StoredHttpRequest => ({
  kind: 'http', method: fields.method ?? 'POST', url: fields.url ?? 'https://api.acme.test/v1', version: '1.1', headers: fields.headers ?? [], trailers: [],
  body: { encoding: fields.base64 === true ? 'base64' : 'utf8', data: fields.body ?? '', size: (fields.body ?? '').length, truncated: false, href: null },
});

/** Runs the command in a real shell where `curl` only prints its arguments and its input. */
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fourthwall-curl-'));
  // The fixture reads standard input only where the command says `@-`.
  await writeFile(join(directory, 'curl'), '#!/bin/sh\nfor a in "$@"; do printf "%s\\0" "$a"; done\ncase "$*" in *"--data-binary @-"*) base64;; esac\n');
  await chmod(join(directory, 'curl'), 0o755);
});
afterAll(() => rm(directory, { recursive: true }));
const run = (command: string, shell = 'sh'): { readonly args: readonly string[]; readonly input: string } => {
  const parts = execFileSync(shell, ['-c', command], { cwd: directory, env: { PATH: `${directory}:${process.env['PATH'] ?? ''}`, HOME: '/nonexistent' } }).toString('utf8').split('\0');
  return { args: parts.slice(0, -1), input: Buffer.from(parts.at(-1) ?? '', 'base64').toString() };
};
const after = (args: readonly string[], flag: string): readonly string[] => args.flatMap((arg, index) => args[index - 1] === flag ? [arg] : []);

describe('a call copied as curl', () => {
  it('goes through the gateway, so that a pasted command cannot be the one call that leaves', () => {
    const { args } = run(curlCommand(request({ body: 'a=1' }), proxy));
    expect(after(args, '--proxy')).toEqual([proxy]);
    expect(after(args, '--cacert')).toEqual(['fourthwall-ca.pem']);
  });

  it.each([
    `it's`, `'; rm -rf ~; '`, '$(id)', '`id`', '"$HOME"', '\\', `\\'`, '!!', '{a,b}', '*', '# no', '-o/etc/x', '@/etc/passwd', 'line\nbreak', '', `''`, '&& id', '| id', '%00', 'ü😀',
  ])('says exactly %j to the shell', (nasty) => {
    for (const shell of ['sh', 'bash']) {
      const { args } = run(curlCommand(request({ body: nasty, url: `https://api.acme.test/${nasty.replace('\n', '')}`, headers: [['x-note', nasty.replace('\n', '')]] }), proxy), shell);
      expect(after(args, '--url')).toEqual([`https://api.acme.test/${nasty.replace('\n', '')}`]);
      expect(after(args, '--header')).toEqual([nasty === '' ? 'x-note;' : `x-note: ${nasty.replace('\n', '')}`]);
      expect(after(args, '--data-raw')).toEqual(nasty === '' ? [] : [nasty]);
    }
  });

  it('gives a body that a terminal would act on as base64', () => {
    const body = 'harmless\u001b[201~\nrm -rf ~\n\u0000';
    const command = curlCommand(request({ body }), proxy);
    // eslint-disable-next-line no-control-regex
    expect(command).not.toMatch(/[\u0000-\u001f]/);
    expect(execFileSync('sh', ['-c', command.slice(0, command.indexOf('| curl') - 1)]).toString()).toBe(body);
    expect(after(run(command).args, '--data-binary')).toEqual(['@-']);
  });

  it('pipes a body that is no text', () => {
    const { args, input } = run(curlCommand(request({ body: Buffer.from('ABC').toString('base64'), base64: true }), proxy));
    expect(after(args, '--data-binary')).toEqual(['@-']);
    expect(input).toBe('ABC');
  });

  it('leaves out credentials, what curl sets itself, and header lines that are none', () => {
    const { args } = run(curlCommand(request({ headers: [
      ['Host', 'x'], ['Content-Length', '3'], ['Authorization', 'Bearer ****'], ['Cookie', 'a'], ['@file', 'x'], ['x y', 'z'], ['x-break', 'a\r\nb'], ['x-bidi', '\u202eevil'], ['X-Kept', 'yes'], ['X-Empty', ''],
    ] }), proxy));
    expect(after(args, '--header')).toEqual(['X-Kept: yes', 'X-Empty;']);
  });

  it('is one command with the same arguments whatever the body, the header and the path are', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (body, value) => {
      fc.pre(body.isWellFormed() && value.isWellFormed());
      const { args, input } = run(curlCommand(request({ body, headers: [['x-a', value]], url: `https://api.acme.test/?q=${value}` }), proxy));
      expect(args.slice(0, 8)).toEqual(['--globoff', '--path-as-is', '--proxy', proxy, '--cacert', 'fourthwall-ca.pem', '--request', 'POST']);
      expect(args.length).toBe(10 + 2 * after(args, '--header').length + (body === '' ? 0 : 2));
      expect([...after(args, '--data-raw'), input].join('')).toBe(body);
    }), { numRuns: 60 });
  });
});
