import type { Bytes } from '../model/bytes.ts';
import type { Header, Headers } from '../model/exchange.ts';
import { header } from '../model/exchange.ts';
import type { Origin } from '../model/origin.ts';
import { originOf } from './origin.ts';
import type { OriginRow } from './origin.ts';

const ours: ReadonlySet<string> = new Set(['x-fourthwall-run', 'x-fourthwall-service', 'baggage', 'traceparent']);
const searched = 64 * 1024;

/**
 * Who sent a mail, in which run. interface.md: the SMTP credential comes before the mail header X-Fourthwall-Run, unlike HTTP,
 * where our header comes first.
 */
export function mailOrigin(call: {
  readonly user: string | null;
  readonly message: Bytes;
  readonly address: string;
  readonly via: 'smtp' | 'smtps';
  readonly table: readonly OriginRow[];
}): Origin {
  const fields = attributingFields(call.message);
  const run = header(fields, 'x-fourthwall-run');
  const others = fields.filter(([name]) => name.toLowerCase() !== 'x-fourthwall-run');
  const origin = originOf({ user: call.user, headers: others, address: call.address, via: call.via, table: call.table });
  if (origin.run !== null || run === null) return origin;
  return { ...origin, run: originOf({ ...call, user: null, headers: [['X-Fourthwall-Run', run]] }).run };
}

/** The fields of the header block that attribute, unfolded. Only the first 64 KiB are looked at. */
function attributingFields(message: Bytes): Headers {
  const text = Buffer.from(message.buffer, message.byteOffset, Math.min(message.byteLength, searched)).toString('latin1');
  const block = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const fields: Header[] = [];
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (ours.has(name.toLowerCase())) fields.push([name, line.slice(colon + 1).trim()]);
  }
  return fields;
}
