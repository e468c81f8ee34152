import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import type { CaptureFilter } from '../model/store.ts';

/** What the API answers, as it stands in the OpenAPI document. test/control/openapi.test.ts holds real answers against it. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** One of some words: in OpenAPI an enum, which also gives the better error message. */
export const oneOf = <const T extends string>(...words: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: words });
const strict = { additionalProperties: false } as const;
const text = Type.String();
/** Two texts. Written so that JSON Schema 2020-12 (OpenAPI 3.1) and draft 7 (the validator) read it alike; they differ in tuples. */
export const pair = Type.Unsafe<[name: string, value: string]>({ type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 });
const headers = Type.Array(pair);

const action = oneOf('capture', 'forward', 'reject');
const liveness = oneOf('live', 'test', 'unknown');
const standing = oneOf('safe', 'reserved', 'real', 'unknown', 'invalid');
const outcome = oneOf('pending', 'captured', 'forwarded', 'relayed', 'rejected', 'failed', 'unknown');
const protocol = oneOf('http', 'smtp', 'connect');

const summary = {
  id: text,
  seq: Type.Integer(),
  at: Type.String({ description: 'RFC 3339 UTC, ms' }),
  instance: text,
  space: nullable(text),
  service: text,
  run: nullable(text),
  trace: nullable(text),
  keys: Type.Array(Type.Object({ name: text, value: text }, strict)),
  person: nullable(text),
  protocol,
  direction: oneOf('out', 'callback'),
  parent: nullable(text),
  channel: nullable(text),
  channels: Type.Array(text),
  provider: text,
  operation: nullable(text),
  operations: Type.Array(text),
  effectCount: Type.Integer(),
  liveness,
  action,
  rule: text,
  outcome,
  from: nullable(text),
  recipients: Type.Array(Type.Object({ address: text, kind: text, role: text, standing, why: text }, strict)),
  title: text,
  amount: nullable(Type.Object({ minor: text, exponent: Type.Integer(), currency: text, text }, strict)),
  codes: Type.Array(text),
  links: Type.Array(text),
  fingerprint: nullable(text),
  findings: Type.Array(Type.Object({ id: text, title: text, where: text, excerpt: text }, strict)),
  tags: Type.Array(text),
  note: nullable(text),
  pinned: Type.Boolean(),
  seen: Type.Boolean(),
  size: Type.Integer(),
  enrichment: oneOf('pending', 'done', 'partial', 'failed'),
  duplicateOf: nullable(text),
  imported: Type.Optional(Type.Literal(true, { description: 'recorded elsewhere and taken in from an export; absent where it was recorded here' })),
};
export const summarySchema = Type.Object(summary, { ...strict, description: 'A capture, in short' });

const decision = Type.Object({
  action, rule: text, reason: text,
  trace: Type.Array(Type.Object({ rule: text, matched: nullable(Type.Boolean()), because: text })),
  reported: Type.Array(text),
  policy: Type.Object({ sha256: text }),
  fault: nullable(text),
}, { description: 'What was decided and why; a forward also has its plan, a capture its canned reply or null' });

const body = Type.Object({
  encoding: oneOf('utf8', 'base64', 'none'),
  data: text, size: Type.Integer(), truncated: Type.Boolean(), href: nullable(text),
  withheld: Type.Optional(Type.String({ description: 'why nothing of it is shown to this caller' })),
  streamed: Type.Optional(Type.Object({ sha256: nullable(text), whole: Type.Boolean() }, { description: 'a body that was passed on without being held: size is what passed, only its beginning is kept' })),
}, strict);

export const callbackSchema = Type.Object({
  id: text,
  target: Type.String({ description: 'name of a webhook of gateway.yaml, or the URL the call named' }),
  url: nullable(Type.String({ description: 'where it went last, or would go; null = nowhere' })),
  event: nullable(Type.String({ description: "what it tells, in the vendor's words" })),
  state: oneOf('pending', 'leased', 'delivered', 'failed', 'skipped'),
  attempt: Type.Integer({ description: 'attempts begun since it was queued, or sent again by hand' }),
  notBefore: text,
  lastStatus: nullable(Type.Integer({ description: 'HTTP status of the last answer' })),
  lastError: nullable(Type.String({ description: 'why it was not delivered, or is not sent at all' })),
  delivery: nullable(Type.String({ description: 'the capture of the last attempt' })),
}, strict);

export const captureSchema = Type.Object({
  ...summary,
  request: Type.Object({ kind: text, headers, body }, { description: "kind 'http', 'mail', 'connect' or 'unreadable' with its own fields" }),
  reply: nullable(Type.Object({ kind: text })),
  decoded: Type.Object({ kind: oneOf('effects', 'read', 'unrecognized') }),
  content: nullable(Type.Object({
    subject: nullable(text), text: nullable(text), html: nullable(text),
    attachments: Type.Array(Type.Object({
      n: Type.Integer(), filename: nullable(text), contentType: text, contentId: nullable(text), size: Type.Integer(), sha256: text, href: text,
    }, strict)),
  }, strict)),
  decision,
  callbacks: Type.Array(callbackSchema),
  redactions: Type.Array(Type.Object({ where: text, offset: Type.Integer(), length: Type.Integer(), kind: text, hint: text, fingerprint: nullable(text) }, strict)),
}, { ...strict, description: 'A whole capture' });

export const pageSchema = Type.Object({
  items: Type.Array(summarySchema),
  next: nullable(Type.Integer({ description: 'value for `before`' })),
  total: Type.Integer({ description: 'how many match, on all pages' }),
  totalExact: Type.Boolean({ description: 'false: at least `total` match; the rest was not counted' }),
  oldestKept: nullable(text),
}, strict);

export const waitSchema = Type.Object({
  satisfied: Type.Boolean(),
  items: Type.Array(summarySchema),
  nearest: Type.Array(Type.Object({
    capture: summarySchema,
    matched: Type.Array(text, { description: 'filters it matches' }),
    missed: Type.Array(text, { description: 'filters it does not' }),
  }, strict)),
  cursor: Type.Integer({ description: 'value for `after` of the next wait' }),
}, strict);

export const quietSchema = Type.Object({ satisfied: Type.Boolean(), items: Type.Array(summarySchema) }, strict);

export const claimSchema = Type.Union([
  Type.Object({ recipient: Type.String({ minLength: 1, maxLength: 500 }) }, strict),
  Type.Object({ service: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' }) }, strict),
  Type.Object({ key: Type.String({ minLength: 1, maxLength: 500 }) }, strict),
  Type.Object({ trace: Type.String({ pattern: '^[0-9a-fA-F]{32}$' }) }, strict),
], { description: 'exactly one of recipient (a pattern with *), service, key, trace' });
export type ClaimBody = Static<typeof claimSchema>;

export const runSchema = Type.Object({
  name: text,
  space: nullable(text),
  claims: Type.Array(Type.Object({ kind: text })),
  registered: Type.Boolean(),
  openedAt: text,
  closedAt: nullable(text),
  openedSeq: Type.Integer(),
  closedSeq: nullable(Type.Integer()),
}, strict);

export const connectionSchema = Type.Object({
  proxyUrl: nullable(text),
  smtp: nullable(text),
  smtps: nullable(text),
  smtpUser: text,
  env: Type.Record(Type.String(), text, { description: 'variables that point a service at the gateway, in this run' }),
}, strict);

const reasons = Type.Array(Type.Object({
  kind: oneOf('fail', 'inconclusive'), expectation: text, captures: Type.Array(text), why: text,
}, strict));
export const verdictSchema = Type.Object({
  verdict: oneOf('pass', 'fail', 'inconclusive'),
  reasons,
  counts: Type.Object({
    captures: Type.Integer(), captured: Type.Integer(), forwarded: Type.Integer(), rejected: Type.Integer(), unrecognized: Type.Integer(),
    realRecipients: Type.Integer(), liveCredentials: Type.Integer(), findings: Type.Integer(), unattributed: Type.Integer(),
  }, strict),
  scope: Type.Object({
    filter: Type.Unsafe<CaptureFilter>(Type.Record(Type.String(), Type.Unknown())),
    expect: text,
    runs: Type.Array(runSchema),
    fromSeq: Type.Integer(), toSeq: nullable(Type.Integer()), since: nullable(text), until: nullable(text),
  }, strict),
  policyCurrent: Type.Boolean({ description: 'false: a newer policy file does not load, and decisions are made by the old one' }),
}, strict);

export const problemSchema = Type.Object({
  type: text, title: text, status: Type.Integer(), detail: text, name: Type.Optional(text),
}, { description: 'RFC 9457' });

export const idParameter = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) }, strict);
export const nameParameter = Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }) }, strict);
export { strict };
