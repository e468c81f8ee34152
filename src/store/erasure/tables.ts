/** One table of the store, as a scan reads it. */
export interface Table {
  /** by which it is read in pages, and what a hit is named by */
  readonly key: string;
  /** further columns that say what a hit is */
  readonly more?: readonly string[];
  /** columns in which a caller's or a person's text may stand */
  readonly columns: readonly string[];
  /** columns with ids of ours, numbers, times and hashes, and what is only made from other columns */
  readonly untold: readonly string[];
}

/**
 * Every table of both engines, column by column: test/contract/store-erasure.ts holds the databases against it, so that a new table or column cannot be forgotten.
 * `search` is looked through in SQLite, where it is a table of its own; in PostgreSQL its words go with their capture by foreign key.
 */
export const tables = {
  captures: {
    key: 'seq', more: ['id', 'outcome', 'person'], columns: ['run', 'space', 'service', 'instance', 'tags', 'note', 'summary'],
    untold: ['at', 'fingerprint', 'duplicate_of', 'duplicate_key', 'direction', 'enrichment', 'pinned', 'seen', 'expires_at', 'key_id', 'bytes', 'profile'],
  },
  exchanges: { key: 'capture', columns: ['request', 'reply', 'decoded', 'decision', 'content', 'redactions', 'unsent'], untold: [] },
  parts: { key: 'capture', more: ['body'], columns: ['filename', 'content_type', 'content_id'], untold: ['role', 'n'] },
  bodies: { key: 'id', columns: [], untold: ['sha256', 'size', 'coding', 'data', 'object'] },
  terms: { key: 'id', columns: ['value'], untold: ['name', 'digest'] },
  postings: { key: 'term', columns: [], untold: ['capture'] },
  profiles: { key: 'id', columns: [], untold: ['terms', 'digest', 'captures'] },
  profile_terms: { key: 'term', columns: [], untold: ['profile'] },
  // Its runs are those of captures, and go with them.
  cells: { key: 'run', columns: [], untold: ['profile', 'captures'] },
  spans: { key: 'block', columns: [], untold: ['oldest', 'newest'] },
  recipients: { key: 'hash', columns: [], untold: ['capture'] },
  search: { key: 'rowid AS id', columns: ['text'], untold: ['capture', 'words', 'lexemes'] },
  identities: { key: 'hash', more: ['kind'], columns: [], untold: ['person'] },
  objects: { key: 'ord', columns: ['provider', 'account', 'run', 'kind', 'id', 'value'], untold: ['position', 'version', 'digest'] },
  object_fields: { key: 'object', columns: ['name', 'value'], untold: [] },
  outbox: { key: 'id', more: ['capture'], columns: ['provider', 'target', 'object', 'event', 'url', 'last_error', 'call'], untold: ['ord', 'line', 'not_before', 'attempt', 'state', 'leased_by', 'leased_until', 'last_status', 'delivery'] },
  counters: { key: 'name', more: [], columns: ['subject', 'bucket'], untold: ['count'] },
  runs: { key: 'name', more: ['registered', 'closed_at'], columns: ['space', 'claims'], untold: ['opened_at', 'opened_seq', 'closed_seq'] },
  policies: { key: 'sha256', columns: ['text'], untold: ['kept_at'] },
  events: { key: 'seq', more: ['at', 'capture', 'kind'], columns: ['run', 'data'], untold: [] },
  audit: { key: 'seq', more: ['at', 'action'], columns: ['actor', 'subject', 'data'], untold: [] },
  holdings: { key: 'name', columns: [], untold: ['kind', 'captures', 'bytes'] },
  instances: { key: 'id', columns: [], untold: ['started_at', 'heartbeat_at', 'stopped_at', 'started_seq', 'crashed_seq', 'alive_seq', 'certificates', 'beat'] },
  head: { key: 'one', columns: [], untold: ['seq'] },
  writers: { key: 'id', columns: [], untold: ['batch', 'at'] },
  agreed: { key: 'name', columns: [], untold: ['value'] },
  bucket_garbage: { key: 'object', columns: [], untold: ['kind', 'at'] },
  bucket_mark: { key: 'one', columns: [], untold: ['object'] },
  schema_version: { key: 'version', columns: [], untold: [] },
} satisfies Readonly<Record<string, Table>>;

export type TableName = keyof typeof tables;
