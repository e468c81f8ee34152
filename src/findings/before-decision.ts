import type { Logger } from 'pino';
import type { Finding } from '../model/capture.ts';
import type { Request } from '../model/exchange.ts';
import type { Limits } from '../model/limits.ts';
import type { Recipient } from '../model/recipient.ts';
import type { Decoded } from '../model/side-effect.ts';
import { jobOf } from './job-of.ts';
import { createReader } from './reading-pool.ts';
import { rulesOf } from './reading.ts';

/** Reads the content of a call before it is decided, for policies whose rules ask for findings. */
export interface ContentReader {
  /** Never rejects: what cannot be read in time, or not to its end, has the finding 'unparsed', and is never forwarded. */
  read(call: { readonly request: Request; readonly decoded: Decoded<Recipient> }): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

/** A thread apart from enrichment's: a call that waits for its answer does not wait behind captures that nobody waits for. */
export function createContentReader({ limits, correlate, logger }: {
  readonly limits: Pick<Limits, 'mimeTime' | 'mimeDepth' | 'mimeParts' | 'mimeHeaderBytes' | 'requestTimeout'>;
  readonly correlate: readonly { readonly name: string; readonly pattern: string }[];
  readonly logger: Logger;
}): ContentReader {
  const reader = createReader({ rules: rulesOf(limits, correlate), time: limits.mimeTime });
  /** who waits at the end of the line is answered within half of what a request may take */
  const line = Math.max(1, Math.floor(limits.requestTimeout / 2 / limits.mimeTime));
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  return {
    async read({ request, decoded }) {
      if (decoded.kind !== 'effects') return [];
      const job = jobOf({ request, decoded: { kind: 'effects', effects: decoded.effects.map((effect) => ({ ...effect, attachments: [] })) } }, request.kind === 'mail' ? request.message : null);
      if (job === null) return [];
      if (waiting >= line) return [unparsed('too many messages wait to be read')];
      waiting += 1;
      const mine = last.then(() => reader.read(job));
      last = mine.catch(() => undefined);
      try {
        const { state, findings } = await mine;
        return state === 'done' ? findings : [...findings, unparsed('it is larger or deeper than what is read')];
      } catch (fault) {
        logger.warn({ err: fault }, 'a message could not be read before its decision');
        return [unparsed(fault instanceof Error ? fault.message : String(fault))];
      } finally {
        waiting -= 1;
      }
    },
    close: () => reader.close(),
  };
}

function unparsed(why: string): Finding {
  return { id: 'unparsed', title: 'The message could not be read to its end before the decision', where: 'content', excerpt: why.slice(0, 120) };
}
