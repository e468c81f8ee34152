import { execFile } from 'node:child_process';
import type { Finding } from './finding.ts';

/** A runtime as services use it, started with the environment as it is. Prints `answered STATUS CAPTURE` or `failed WHY`. */
interface Runtime {
  readonly name: string;
  readonly program: string;
  readonly args: (url: string, seconds: number) => readonly string[];
}

const say = "(status, capture) => process.stdout.write('answered ' + status + ' ' + (capture || ''))";
const fail = "(error) => process.stdout.write('failed ' + ((error.cause || error).code || error.message))";

const runtimes: readonly Runtime[] = [
  {
    name: 'Node https (as most SDKs call)', program: process.execPath,
    args: (url, seconds) => ['-e', `const u = new URL(${JSON.stringify(url)}); const r = require(u.protocol === 'http:' ? 'http' : 'https').get(u, { timeout: ${seconds * 1_000} }, (a) => { (${say})(a.statusCode, a.headers['x-fourthwall-capture']); a.destroy(); }); r.on('timeout', () => r.destroy(new Error('timeout'))).on('error', ${fail});`],
  },
  {
    name: 'Node fetch', program: process.execPath,
    args: (url, seconds) => ['-e', `fetch(${JSON.stringify(url)}, { redirect: 'manual', signal: AbortSignal.timeout(${seconds * 1_000}) }).then((a) => (${say})(a.status, a.headers.get('x-fourthwall-capture')), ${fail})`],
  },
  {
    name: 'curl', program: 'curl',
    args: (url, seconds) => ['-sS', '-o', '/dev/null', '--max-time', String(seconds), '-w', 'answered %{http_code} %header{x-fourthwall-capture}', url],
  },
  {
    name: 'Python urllib', program: 'python3',
    args: (url, seconds) => ['-c', `
import sys, urllib.request, urllib.error
try:
    answer = urllib.request.urlopen(sys.argv[1], timeout=${seconds})
except urllib.error.HTTPError as error:
    answer = error
except Exception as error:
    print('failed', error); sys.exit()
print('answered', answer.status, answer.headers.get('x-fourthwall-capture') or '')`, url],
  },
];

/** A call without credentials, by each runtime that is here: it must come back with the id of its capture. */
export async function tryCanaries(url: string, env: Readonly<Record<string, string | undefined>>, timeout: number): Promise<readonly Finding[]> {
  const seconds = Math.max(1, Math.ceil(timeout / 1_000));
  const findings = await Promise.all(runtimes.map(async ({ name, program, args }) => {
    const said = await output(program, args(url, seconds), env, timeout + 5_000);
    return said === null ? null : judged(name, url, said);
  }));
  return findings.filter((finding) => finding !== null);
}

/** @param said what the runtime printed */
export function judged(name: string, url: string, said: string): Finding {
  const subject = `${name} to ${url}`;
  const [, status = '', capture = ''] = /^answered (\d{3}) *(\S*)/.exec(said) ?? [];
  if (capture !== '') return { check: 'canary', subject, state: 'closed', what: `captured as ${capture}`, remedy: null };
  if (status !== '' && status !== '000') {
    return { check: 'canary', subject, state: 'open', what: `answered ${status} by somebody who is not the gateway`, remedy: 'start the service by `fourthwall run -- CMD`, or make the gateway its only route (docs/network.md)' };
  }
  const why = said.replace(/^failed /, '').trim().slice(0, 200);
  return { check: 'canary', subject, state: 'broken', what: `no answer: ${why}`, remedy: /cert|SSL|TLS|SELF_SIGNED|issuer/i.test(why) ? 'it does not trust the gateway: fourthwall ca export --format install-hint' : 'is the gateway running, and the way to it open?' };
}

/** Null: the program is not here. */
function output(program: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>, timeout: number): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout, maxBuffer: 64 * 1024 }, (error, stdout, stderr) => {
      if (error !== null && 'code' in error && error.code === 'ENOENT') resolve(null);
      else resolve(stdout.startsWith('answered') && error === null ? stdout : stdout.startsWith('failed') ? stdout : `failed ${stderr || error?.message || stdout}`);
    });
  });
}
