/**
 * The store from its first migration. Forward only: a later change is a new file.
 *
 * `terms` and `postings` are the one inverted index behind every list filter and every count: a term for each value a
 * capture can be found by ('channel' email, 'standing' real, 'key' order:42), a posting for each capture that has it. `captures` holds what a list shows, `exchanges` (the
 * sensitive part) what only the whole capture shows, `bodies` the bytes, each kept once.
 * Columns space, person, fingerprint, expires_at and key_id stand here already for retention and encryption.
 */
export const first = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  capture TEXT,
  run TEXT,
  data TEXT NOT NULL
) STRICT;

CREATE TABLE captures (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  instance TEXT NOT NULL,
  space TEXT,
  run TEXT,
  person TEXT,
  fingerprint TEXT,
  duplicate_of TEXT,
  duplicate_key TEXT,
  outcome TEXT NOT NULL,
  enrichment TEXT NOT NULL,
  tags TEXT NOT NULL DEFAULT '[]',
  note TEXT,
  pinned INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  summary TEXT NOT NULL,
  expires_at TEXT,
  key_id TEXT
) STRICT;
CREATE INDEX captures_at ON captures (at);
CREATE INDEX captures_person ON captures (person) WHERE person IS NOT NULL;
CREATE INDEX captures_duplicate ON captures (duplicate_key, seq) WHERE duplicate_key IS NOT NULL;
CREATE INDEX captures_pending ON captures (seq) WHERE outcome = 'pending';
CREATE INDEX captures_unread ON captures (seq) WHERE enrichment = 'pending';

CREATE TABLE exchanges (
  capture INTEGER PRIMARY KEY REFERENCES captures (seq) ON DELETE CASCADE,
  request TEXT NOT NULL,
  reply TEXT,
  decoded TEXT NOT NULL,
  decision TEXT NOT NULL,
  content TEXT,
  redactions TEXT NOT NULL
) STRICT;

CREATE TABLE terms (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (name, value)
) STRICT;

CREATE TABLE postings (
  term INTEGER NOT NULL,
  capture INTEGER NOT NULL,
  PRIMARY KEY (term, capture)
) STRICT, WITHOUT ROWID;
CREATE INDEX postings_capture ON postings (capture, term);

CREATE TABLE recipients (
  hash TEXT NOT NULL,
  capture INTEGER NOT NULL REFERENCES captures (seq) ON DELETE CASCADE,
  PRIMARY KEY (hash, capture)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipients_capture ON recipients (capture);

CREATE VIRTUAL TABLE search USING fts5(text, tokenize="unicode61 remove_diacritics 2");
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

CREATE TABLE bodies (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE parts (
  capture INTEGER NOT NULL REFERENCES captures (seq) ON DELETE CASCADE,
  role TEXT NOT NULL,
  n INTEGER NOT NULL,
  body INTEGER NOT NULL REFERENCES bodies (id),
  filename TEXT,
  content_type TEXT NOT NULL,
  content_id TEXT,
  PRIMARY KEY (capture, role, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX parts_body ON parts (body);

CREATE TABLE identities (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  person TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_person ON identities (person);

CREATE TABLE objects (
  ord INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  provider TEXT NOT NULL,
  account TEXT NOT NULL,
  run TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  value TEXT,
  UNIQUE (provider, account, run, kind, id)
) STRICT;
CREATE INDEX objects_newest ON objects (provider, account, kind, run, position);

CREATE TABLE object_fields (
  object INTEGER NOT NULL REFERENCES objects (ord) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (object, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  ord INTEGER NOT NULL,
  capture TEXT NOT NULL,
  provider TEXT NOT NULL,
  target TEXT NOT NULL,
  object TEXT NOT NULL,
  not_before TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'pending',
  leased_by TEXT,
  leased_until TEXT,
  call TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_capture ON outbox (capture);
CREATE INDEX outbox_due ON outbox (state, not_before);

CREATE TABLE counters (
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  bucket TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (name, subject, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  name TEXT PRIMARY KEY,
  space TEXT,
  claims TEXT NOT NULL,
  registered INTEGER NOT NULL,
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  opened_seq INTEGER NOT NULL,
  closed_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_opened ON runs (opened_seq);

CREATE TABLE instances (
  id TEXT PRIMARY KEY,
  started_at TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL,
  stopped_at TEXT,
  started_seq INTEGER NOT NULL,
  crashed_seq INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE policies (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL, kept_at TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
`;
