/**
 * The store from its first migration, in a schema of its own. Forward only: a later change is a new file.
 *
 * Everything stands as in the SQLite store (sqlite/migrations), with what PostgreSQL wants otherwise:
 * `head` is the one row every write locks first, so writes of all gateways come one after the other and `seq` grows without gaps.
 * What is looked up by a text that somebody else chose (a term, an object, the line a callback stands in) has a digest for it, since an index
 * entry holds 2.7 kB at most. `search` holds words as search-words.ts sees them: as a set for the index, as a text for phrases.
 */
export const first = `
CREATE TABLE head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL);
INSERT INTO head (seq) VALUES (0);

CREATE TABLE writers (id text PRIMARY KEY, batch bigint NOT NULL, at timestamptz NOT NULL DEFAULT now());

CREATE TABLE agreed (name text PRIMARY KEY, value text NOT NULL);

CREATE TABLE events (
  seq bigint PRIMARY KEY,
  at text NOT NULL,
  kind text NOT NULL,
  capture text,
  run text,
  data text NOT NULL
);

CREATE TABLE captures (
  seq bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  at text COLLATE "C" NOT NULL,
  instance text NOT NULL,
  space text,
  run text,
  person text,
  fingerprint text,
  duplicate_of text,
  duplicate_key text,
  direction text NOT NULL,
  outcome text NOT NULL,
  enrichment text NOT NULL,
  tags text NOT NULL DEFAULT '[]',
  note text,
  pinned smallint NOT NULL DEFAULT 0,
  seen smallint NOT NULL DEFAULT 0,
  summary text NOT NULL,
  expires_at text,
  key_id text
);
CREATE INDEX captures_at ON captures (at);
CREATE INDEX captures_person ON captures (person) WHERE person IS NOT NULL;
CREATE INDEX captures_duplicate ON captures (duplicate_key, seq) WHERE duplicate_key IS NOT NULL;
CREATE INDEX captures_latest ON captures (seq) WHERE direction = 'out';
CREATE INDEX captures_pending ON captures (seq) WHERE outcome = 'pending';
CREATE INDEX captures_unread ON captures (seq) WHERE enrichment = 'pending';

CREATE TABLE exchanges (
  capture bigint PRIMARY KEY REFERENCES captures (seq) ON DELETE CASCADE,
  request text NOT NULL,
  reply text,
  decoded text NOT NULL,
  decision text NOT NULL,
  content text,
  redactions text NOT NULL,
  unsent text
);

CREATE TABLE terms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest bytea NOT NULL UNIQUE,
  name text NOT NULL,
  value text NOT NULL
);
CREATE INDEX terms_name ON terms (name);

CREATE TABLE postings (
  term bigint NOT NULL,
  capture bigint NOT NULL,
  PRIMARY KEY (term, capture)
);
CREATE INDEX postings_capture ON postings (capture, term);

CREATE TABLE recipients (
  hash text NOT NULL,
  capture bigint NOT NULL REFERENCES captures (seq) ON DELETE CASCADE,
  PRIMARY KEY (hash, capture)
);
CREATE INDEX recipients_capture ON recipients (capture);

CREATE TABLE search (
  capture bigint PRIMARY KEY REFERENCES captures (seq) ON DELETE CASCADE,
  words text NOT NULL,
  lexemes tsvector NOT NULL
);
CREATE INDEX search_lexemes ON search USING gin (lexemes);

CREATE TABLE bodies (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256 bytea NOT NULL UNIQUE,
  size bigint NOT NULL,
  data bytea NOT NULL
);

CREATE TABLE parts (
  capture bigint NOT NULL REFERENCES captures (seq) ON DELETE CASCADE,
  role text NOT NULL,
  n integer NOT NULL,
  body bigint NOT NULL,
  filename text,
  content_type text NOT NULL,
  content_id text,
  PRIMARY KEY (capture, role, n)
);
CREATE INDEX parts_body ON parts (body);

CREATE TABLE identities (
  hash text PRIMARY KEY,
  kind text NOT NULL,
  person text NOT NULL
);
CREATE INDEX identities_person ON identities (person);

CREATE TABLE objects (
  ord bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest bytea NOT NULL UNIQUE,
  position bigint NOT NULL,
  provider text NOT NULL,
  account text NOT NULL,
  run text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  version bigint NOT NULL,
  value text
);
CREATE INDEX objects_newest ON objects (provider, account, kind, run, position);
CREATE INDEX objects_id ON objects USING hash (id);

CREATE TABLE object_fields (
  object bigint NOT NULL REFERENCES objects (ord) ON DELETE CASCADE,
  name text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (object, name)
);

CREATE TABLE outbox (
  id text PRIMARY KEY,
  ord bigint NOT NULL,
  line bytea NOT NULL,
  capture text NOT NULL,
  provider text NOT NULL,
  target text NOT NULL,
  object text NOT NULL,
  not_before text COLLATE "C" NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  state text COLLATE "C" NOT NULL DEFAULT 'pending',
  leased_by text,
  leased_until text COLLATE "C",
  call text NOT NULL,
  event text,
  url text,
  last_status integer,
  last_error text,
  delivery text
);
CREATE INDEX outbox_capture ON outbox (capture);
CREATE INDEX outbox_due ON outbox (state, not_before);
CREATE INDEX outbox_open ON outbox (line, ord) WHERE state IN ('pending', 'leased');

CREATE TABLE counters (
  name text NOT NULL,
  subject text NOT NULL,
  bucket text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (name, subject, bucket)
);

CREATE TABLE runs (
  name text PRIMARY KEY,
  space text,
  claims text NOT NULL,
  registered smallint NOT NULL,
  opened_at text NOT NULL,
  closed_at text,
  opened_seq bigint NOT NULL,
  closed_seq bigint
);
CREATE INDEX runs_opened ON runs (opened_seq);
CREATE INDEX runs_open ON runs (name) WHERE closed_at IS NULL;

CREATE TABLE instances (
  id text PRIMARY KEY,
  started_at text NOT NULL,
  heartbeat_at text NOT NULL,
  stopped_at text,
  started_seq bigint NOT NULL,
  alive_seq bigint NOT NULL,
  crashed_seq bigint,
  certificates text[],
  beat timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE policies (sha256 text PRIMARY KEY, text text NOT NULL, kept_at text NOT NULL);

CREATE TABLE audit (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  data text NOT NULL
);
`;
