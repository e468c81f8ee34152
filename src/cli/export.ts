import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Capture, CaptureSummary } from '../model/capture.ts';
import type { Client, Filters } from '../testing/client.ts';
import { harEntry, harLog } from './har.ts';
import { UsageError } from './io.ts';
import type { Io } from './io.ts';
import { mboxEntry } from './mbox.ts';

export const exportFormats = ['eml', 'mbox', 'har', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Writes every capture that fits the format, oldest first, and says on standard error how many did not. */
export async function exportCaptures({ client, filters, format, output, io }: {
  readonly client: Client; readonly filters: Filters; readonly format: ExportFormat; readonly output: string | null; readonly io: Io;
}): Promise<void> {
  if (format !== 'jsonl') {
    const { masked, role } = await client.me();
    if (masked) throw new UsageError(`captures export: ${format} holds messages and bodies as they came, and those cannot be masked for role ${role}; use --format jsonl, or a token of role unmasker`);
  }
  const found: CaptureSummary[] = [];
  for await (const capture of client.all(filters)) found.push(capture);
  const fitting = found.toReversed().filter(({ protocol }) => (format === 'jsonl' ? true : format === 'har' ? protocol === 'http' : protocol === 'smtp'));
  let unreadable = 0;
  if (format === 'eml') await exportEml({ client, fitting, output, io });
  else {
    const sink = output === null ? null : await open(output, 'wx').catch((error: unknown) => { throw unwritable(output, error); });
    const write = async (chunk: string | Uint8Array): Promise<void> => { await (sink === null ? io.stdout.write(chunk) : sink.write(chunk as Uint8Array)); };
    try {
      unreadable = await writeAll({ client, fitting, format, write });
    } finally {
      await sink?.close();
    }
  }
  const left = found.length - fitting.length + unreadable;
  io.stderr.write(`fourthwall: ${found.length - left} exported${left === 0 ? '' : `, ${left} left out (${format} holds ${format === 'har' ? 'HTTP calls' : 'mail by SMTP'} only; jsonl holds everything)`}\n`);
}

/** Resolves with how many calls could not be written, because nobody could read them. */
async function writeAll({ client, fitting, format, write }: {
  readonly client: Client; readonly fitting: readonly CaptureSummary[]; readonly format: Exclude<ExportFormat, 'eml'>;
  readonly write: (chunk: string | Uint8Array) => Promise<void>;
}): Promise<number> {
  let [entries, unreadable] = [0, 0];
  if (format === 'har') await write(harLog.before);
  for (const summary of fitting) {
    switch (format) {
      case 'mbox': await write(mboxEntry({ from: summary.from, at: summary.at, message: await client.raw(summary.id) })); break;
      case 'jsonl': await write(`${JSON.stringify(await client.capture(summary.id))}\n`); break;
      case 'har': {
        const call = await whole(client, summary.id);
        // What came in on an HTTP port and could not be read as HTTP has neither method nor address to show.
        if (call.capture.request.kind !== 'http') unreadable += 1;
        else {
          await write(`${entries === 0 ? '' : ',\n'}${JSON.stringify(harEntry(call))}`);
          entries += 1;
        }
      }
    }
  }
  if (format === 'har') await write(harLog.after);
  return unreadable;
}

/** A HAR holds whole bodies: those that the capture shows cut off are fetched. */
async function whole(client: Client, id: string): Promise<{ readonly capture: Capture; readonly request: Uint8Array; readonly reply: Uint8Array | null }> {
  const capture = await client.capture(id);
  return { capture, request: await client.raw(id), reply: capture.reply === null ? null : await client.raw(id, 'reply') };
}

async function exportEml({ client, fitting, output, io }: {
  readonly client: Client; readonly fitting: readonly CaptureSummary[]; readonly output: string | null; readonly io: Io;
}): Promise<void> {
  if (output === null) {
    const [only, ...others] = fitting;
    if (only === undefined || others.length > 0) throw new UsageError(`captures export: ${fitting.length} mails match; eml on standard output takes exactly one, --output DIRECTORY takes all`);
    io.stdout.write(await client.raw(only.id));
    return;
  }
  await mkdir(output, { recursive: true }).catch((error: unknown) => { throw unwritable(output, error); });
  // Named by our own id: nothing captured ever becomes a path.
  for (const { id } of fitting) await writeFile(join(output, `${id}.eml`), await client.raw(id));
}

function unwritable(path: string, error: unknown): UsageError {
  return new UsageError(`--output: ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
}
