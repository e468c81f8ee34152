import type { Reader } from '../erasure/found.ts';
import type { Seal } from '../seal.ts';
import type { Connection } from './connection.ts';
import { sqlOn } from './sql.ts';

/** What a scan asks, as this server numbers its values; `whole` gives what lies in the bucket. */
export function readerOn(connection: Connection, seal: Seal, whole: Reader['whole']): Reader {
  const sql = sqlOn(connection, { prepared: false, seal });
  return { engine: 'postgres', seal, whole, all: (text, ...values) => sql.all(text.replace(/\?(\d)/g, '$$$1'), ...values) };
}
