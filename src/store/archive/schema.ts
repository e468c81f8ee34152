import { Type, type TSchema } from 'typebox';

/** What each line of an export may hold, and nothing else: a field that is not known here is one that would be lost. */
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const oneOf = <const T extends string>(...words: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: words });
const strict = { additionalProperties: false } as const;
const text = Type.String();
const time = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const whole = (minimum = 0, maximum = Number.MAX_SAFE_INTEGER) => Type.Integer({ minimum, maximum });
/** fits PostgreSQL's integer */
const small = whole(0, 2 ** 31 - 1);
const captureId = Type.String({ pattern: '^cap_[0-9A-Za-z_-]{1,64}$' });

const headers = Type.Array(Type.Unsafe({ type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 }));
const authority = Type.Object({ host: text, port: whole(0, 65_535) }, strict);
const liveness = oneOf('live', 'test', 'unknown');
const recipient = Type.Object({ address: text, kind: text, role: text, standing: oneOf('safe', 'reserved', 'real', 'unknown', 'invalid'), why: text }, strict);
const keys = Type.Array(Type.Object({ name: text, value: text }, strict));
const streamed = Type.Optional(Type.Object({ size: nullable(whole()), sha256: nullable(digest), whole: Type.Boolean() }, strict));
const counts = Type.Object({ policy: whole(), run: whole(), capture: whole(), object: whole() }, strict);

const summary = Type.Object({
  channel: nullable(text), channels: Type.Array(text), operation: nullable(text), operations: Type.Array(text), effectCount: whole(), liveness,
  from: nullable(text), recipients: Type.Array(recipient), title: text,
  amount: nullable(Type.Object({ minor: Type.String({ pattern: '^-?\\d{1,100}$' }), exponent: whole(0, 100), currency: text, text }, strict)),
  codes: Type.Array(text), links: Type.Array(text), findings: Type.Array(Type.Object({ id: text, title: text, where: text, excerpt: text }, strict)), keys,
  size: whole(), space: nullable(text), service: text, trace: nullable(text), protocol: oneOf('http', 'smtp', 'connect'), direction: oneOf('out', 'callback'),
  parent: nullable(text), provider: text, action: oneOf('capture', 'forward', 'reject'), rule: text, host: nullable(text), account: nullable(text),
  imported: Type.Optional(Type.Literal(true)),
}, strict);

const mailPath = Type.Object({ address: text, parameters: headers }, strict);
const request = Type.Union([
  Type.Object({ kind: Type.Literal('http'), method: text, url: text, version: text, headers, trailers: headers, streamed }, strict),
  Type.Object({
    kind: Type.Literal('mail'), helo: nullable(text), tls: nullable(Type.Object({ protocol: text, cipher: text }, strict)), authUser: nullable(text),
    from: mailPath, to: Type.Array(mailPath), headers, transcript: Type.Optional(nullable(text)),
  }, strict),
  Type.Object({ kind: oneOf('connect', 'unreadable'), authority: nullable(authority), headers }, strict),
]);
const reply = Type.Union([
  Type.Object({ kind: Type.Literal('http'), status: small, headers, trailers: headers, streamed }, strict),
  Type.Object({ kind: Type.Literal('smtp'), code: small, enhanced: text, text }, strict),
]);

/** Effects have fields of their own for each channel, shown as they are. */
const effect = Type.Object({ provider: text, channel: text, operation: text, liveness, recipients: Type.Array(recipient), keys });
const decoded = Type.Union([
  Type.Object({ kind: Type.Literal('effects'), effects: Type.Array(effect) }, strict),
  Type.Object({ kind: Type.Literal('read'), operation: text, liveness }, strict),
  Type.Object({ kind: Type.Literal('unrecognized'), why: text }, strict),
]);

const decided = {
  rule: text, reason: text, trace: Type.Array(Type.Object({ rule: text, matched: nullable(Type.Boolean()), because: text }, strict)), reported: Type.Array(text),
  policy: Type.Object({ sha256: text }, strict), fault: nullable(text),
};
const decision = Type.Union([
  Type.Object({ ...decided, action: Type.Literal('capture'), reply: nullable(Type.Object({ status: small, headers, body: text }, strict)) }, strict),
  Type.Object({
    ...decided, action: Type.Literal('forward'), plan: Type.Object({
      internal: Type.Boolean(), via: nullable(text), rewrites: Type.Array(Type.Object({ kind: text })),
      sent: Type.Optional(Type.Object({ to: authority, recipients: Type.Array(recipient), liveness }, strict)),
    }, strict),
  }, strict),
  Type.Object({ ...decided, action: Type.Literal('reject') }, strict),
]);

const capture = Type.Object({
  kind: Type.Literal('capture'), id: captureId, at: time, instance: text, run: nullable(text), person: nullable(text), fingerprint: nullable(text),
  duplicateOf: nullable(text), duplicateKey: nullable(text), outcome: oneOf('pending', 'captured', 'forwarded', 'relayed', 'rejected', 'failed', 'unknown'),
  enrichment: oneOf('pending', 'done', 'partial', 'failed'), tags: Type.Array(text), note: nullable(text), pinned: Type.Boolean(), seen: Type.Boolean(),
  summary, request, reply: nullable(reply), decoded, decision, content: nullable(Type.Object({ subject: nullable(text), text: nullable(text), html: nullable(text) }, strict)),
  redactions: Type.Array(Type.Object({ where: text, offset: whole(), length: whole(), kind: oneOf('credential', 'card', 'cvc'), hint: text, fingerprint: nullable(text) }, strict)),
  unsent: nullable(Type.Array(Type.Object({ target: text, event: nullable(text), notBeforeMs: Type.Integer({ minimum: -8.64e15, maximum: 8.64e15 }), why: text }, strict))),
  parts: Type.Array(Type.Object({ role: oneOf('request', 'reply', 'attachment'), filename: nullable(text), contentType: text, contentId: nullable(text), sha256: digest }, strict)),
  callbacks: Type.Array(Type.Object({
    id: text, provider: text, target: text, object: text, event: nullable(text), url: nullable(text), notBefore: time, attempt: small,
    state: oneOf('pending', 'leased', 'delivered', 'failed', 'skipped'), lastStatus: nullable(small), lastError: nullable(text), delivery: nullable(text),
    call: Type.Object({ method: text, headers, body: text, contentType: text, cut: Type.Optional(Type.Boolean()) }, strict),
  }, strict)),
}, strict);

const claim = Type.Union([
  Type.Object({ kind: Type.Literal('recipient'), pattern: text }, strict), Type.Object({ kind: Type.Literal('service'), service: text }, strict),
  Type.Object({ kind: Type.Literal('key'), value: text }, strict), Type.Object({ kind: Type.Literal('trace'), trace: text }, strict),
]);

export const lineSchemas = {
  'fourthwall-export': Type.Object({ kind: Type.Literal('fourthwall-export'), version: whole(1), at: time, schema: whole(1), counts }, strict),
  policy: Type.Object({ kind: Type.Literal('policy'), sha256: digest, text, keptAt: time }, strict),
  run: Type.Object({
    kind: Type.Literal('run'), name: Type.String({ minLength: 1 }), space: nullable(text), claims: Type.Array(claim), registered: Type.Boolean(), openedAt: time, closedAt: nullable(time),
  }, strict),
  body: Type.Object({ kind: Type.Literal('body'), sha256: digest, size: whole(), at: whole(), data: Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$' }) }, strict),
  capture,
  object: Type.Object({
    kind: Type.Literal('object'), scope: Type.Object({ provider: text, account: text, run: text }, strict), type: text, id: text, version: whole(1),
    value: Type.Unknown(), fields: Type.Record(Type.String(), text),
  }, strict),
  end: Type.Object({ kind: Type.Literal('end'), counts, sha256: digest }, strict),
} as const;
export type LineKind = keyof typeof lineSchemas;
