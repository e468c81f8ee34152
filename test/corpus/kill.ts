import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openBench } from './bench.ts';
import type { Case } from './case.ts';
import { smtpReplies, smtpTalk } from './conversation.ts';
import { piecesOf } from './expand.ts';
import type { Evidence } from './judge.ts';
import { capturesAfter } from './play.ts';

/** The case against a gateway that dies before its commit; what it kept is read by a gateway started on its data. */
export async function evidenceOfKill(one: Case, allowed: Set<number>): Promise<Evidence> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-corpus-'));
  let child: ChildProcess | undefined;
  try {
    child = spawn(process.execPath, [fileURLToPath(new URL('./kill-before-commit.ts', import.meta.url)), directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    const ready = once(createInterface({ input: child.stdout! }), 'line') as Promise<[string]>;
    const early = exit.then(([code]): never => { throw new Error(`the gateway to be killed ended with ${code} before it was ready`); });
    early.catch(() => {});
    const [line] = await Promise.race([ready, early]);
    allowed.add(Number(line));
    const { text } = await smtpTalk(Number(line), piecesOf(one), 'at once', undefined);
    const [, signal] = await exit;
    if (signal !== 'SIGKILL') throw new Error(`the gateway was not killed: ${signal}`);
    const bench = await openBench(allowed, { directory });
    const captures = await capturesAfter(bench, 0);
    await bench.stop();
    const answers = smtpReplies(text).slice(1);
    return {
      captures, replies: [], codes: answers.map(({ code }) => code), acks: answers.filter(({ text: words }) => words.includes('captured')).length,
      cutOff: true, leaks: [], sent: [], location: null, note: text.slice(-200),
    };
  } finally {
    child?.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }
}
