import { longestError, type CallbackState } from '../../model/callback.ts';
import { sealSending } from '../callback-rows.ts';
import type { Seal } from '../seal.ts';
import type { RestoredCapture } from './record.ts';
import { neverSent } from './refusals.ts';

/** The columns of a callback that came with an import. An import sends nothing: what was still to be sent is not. */
export function importedCallback(seal: Seal, at: string, callback: RestoredCapture['callbacks'][number]): {
  readonly target: string; readonly object: string; readonly state: CallbackState; readonly call: string; readonly url: string | null; readonly lastError: string | null;
} {
  const open = callback.state === 'pending' || callback.state === 'leased';
  const said = sealSending(seal, callback.id, { url: callback.url, last_error: open ? neverSent(at) : callback.lastError?.slice(0, longestError) ?? null });
  return {
    target: seal.hash('target', callback.target), object: seal.hash('line', callback.object), state: open ? 'skipped' : callback.state, url: said.url, lastError: said.last_error,
    call: seal.sealText(['outbox.call', callback.id], JSON.stringify(seal.keyId === null ? callback.call : { ...callback.call, target: callback.target, object: callback.object })),
  };
}
