import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discard, startGateway } from '../support/gateway.ts';

const missing = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0 ? null : 'strace is not here, or may not trace';

/** What the gateway's process asked of the system, in order, as strace saw it: a call read, the store's log put on the disk, an acknowledgement written. */
type Step = 'asked' | 'settled' | 'answered';

function stepsIn(trace: string): readonly Step[] {
  return trace.split('\n').flatMap((line): readonly Step[] => {
    // An fsync counts where it ends: in one line, or where it is resumed.
    if (/\b(?:fsync|fdatasync)\(\d+<[^>]*fourthwall\.db-wal>\) += 0/.test(line) || /<\.\.\. (?:fsync|fdatasync) resumed>.*= 0/.test(line)) return ['settled'];
    if (/\bread\(.*"(?:POST \/~\/api\.sendgrid|From: a@example)/.test(line) || /<\.\.\. read resumed>"(?:POST \/~\/api\.sendgrid|From: a@example)/.test(line)) return ['asked'];
    return /(?:write|writev|sendto|sendmsg)\(.*"(?:HTTP\/1\.1 202|250 2\.0\.0 captured)/.test(line) ? ['answered'] : [];
  });
}

/** How many answers were given with nothing put on the disk since their call was read. */
const unsettled = (steps: readonly Step[]): number => steps.filter((step, at) => step === 'answered' && !steps.slice(steps.lastIndexOf('asked', at), at).includes('settled')).length;

/** A power cut cannot be made here, but the order that survives one can be seen. */
describe.skipIf(missing !== null)(`what survives a power cut${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let directory: string;
  beforeEach(async () => { directory = await mkdtemp(join(tmpdir(), 'fourthwall-trace-')); });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  // -D: the gateway stays our child, and the tracer is beside it
  const tracer = (): readonly string[] => ['strace', '-D', '-f', '-y', '-qq', '-s', '64', '-e', 'trace=read,fsync,fdatasync,write,writev,sendto,sendmsg', '-o', join(directory, 'trace')];
  const steps = async (): Promise<readonly Step[]> => {
    const found = stepsIn(await readFile(join(directory, 'trace'), 'utf8'));
    expect(found.filter((step) => step === 'asked')).toHaveLength(2 * pairs);
    expect(found.filter((step) => step === 'answered')).toHaveLength(2 * pairs);
    return found;
  };

  const pairs = 10;
  /** One call after the other, each when nothing of the one before is left to write: so what is put on the disk is of this one. */
  const calls = async ({ http, smtp, control }: Readonly<Record<'http' | 'smtp' | 'control', number>>, { read }: { readonly read: boolean }): Promise<void> => {
    const transport = createTransport({ host: '127.0.0.1', port: smtp, ignoreTLS: true, pool: true, maxConnections: 1 });
    let sent = 0;
    const written = async (): Promise<void> => {
      sent += 1;
      for (const late = Date.now() + 20_000; Date.now() < late;) {
        const { total, items: [newest] } = await (await fetch(`http://127.0.0.1:${control}/api/captures?limit=1`)).json() as { total: number; items: readonly { enrichment: string }[] };
        if (total === sent && (!read || newest!.enrichment !== 'pending')) return;
      }
      throw new Error(`call ${sent} was not written`);
    };
    for (let n = 0; n < pairs; n += 1) {
      const response = await fetch(`http://127.0.0.1:${http}/~/api.sendgrid.com/v3/mail/send`, {
        method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
        body: JSON.stringify({ personalizations: [{ to: [{ email: 'ann@example.test' }] }], from: { email: 'a@example.test' }, subject: `call ${n}`, content: [{ type: 'text/plain', value: 'x' }] }),
      });
      expect(response.status).toBe(202);
      await response.arrayBuffer();
      await written();
      await transport.sendMail({ from: 'a@example.test', to: 'ann@example.test', subject: `mail ${n}`, text: 'x' });
      await written();
    }
    transport.close();
  };
  const traced = async (durability: 'power' | 'process'): Promise<readonly Step[]> => {
    const gateway = await startGateway({ gateway: `durability: ${durability}\n`, under: tracer() });
    try {
      await calls(gateway.ports as Readonly<Record<'http' | 'smtp' | 'control', number>>, { read: true });
      expect(await gateway.stop()).toBe(0);
      return await steps();
    } finally {
      await discard(gateway);
    }
  };

  it('with durability power, the log is on the disk before any call is answered, and after it was read', async () => {
    expect(unsettled(await traced('power'))).toBe(0);
  }, 120_000);

  it('the same look finds out a gateway that does not wait for the disk', async () => {
    expect(unsettled(await traced('process'))).toBeGreaterThan(pairs);
  }, 120_000);

  it('and one that waits, but answers before', async () => {
    const [command = '', ...rest] = [...tracer(), process.execPath, fileURLToPath(new URL('../e2e/apps/ack-first-gateway.ts', import.meta.url)), directory];
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: child.stdout }), 'line') as [string];
    await calls(JSON.parse(line) as Readonly<Record<'http' | 'smtp' | 'control', number>>, { read: false });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(unsettled(await steps())).toBeGreaterThan(pairs);
  }, 120_000);
});
