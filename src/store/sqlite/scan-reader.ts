import type { Reader } from '../erasure/found.ts';
import type { Sql } from './sql.ts';

/** What a scan asks; `whole` gives what lies in the bucket. */
export function readerOn(sql: Sql, whole: Reader['whole']): Reader {
  return { engine: 'sqlite', seal: sql.seal, whole, all: async (text, ...values) => sql.all(text, ...values) };
}
