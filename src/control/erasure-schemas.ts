import { Type } from 'typebox';
import { nullable, oneOf, strict } from './schemas.ts';

/** What the API answers about erasures (model/erasure.ts). */
const text = Type.String();
const count = Type.Integer();
const hash = Type.String({ description: 'keyed: tells equal from different, not whom' });
const ids = Type.Array(text);

export const subjectSchema = Type.Object({
  kind: oneOf('email', 'phone', 'customer', 'device'),
  value: Type.String({ minLength: 1, maxLength: 1_000, description: 'a phone number in international form; a customer is the id a vendor or the application gave' }),
}, strict);

const found = { captures: count, callbacks: count, objects: count, identities: count, tallies: count, runs: count, notes: count, policies: count };
const scanned = { rows: count, bodies: count, bytes: count, unread: count, until: Type.Integer({ description: 'everything up to this event was looked at' }) };
const hashes = Type.Array(Type.Object({ kind: text, hash }, strict));

const bucket = nullable(Type.Object({ waiting: count }, { ...strict, description: "objects of deleted bodies, anybody's, that the bucket has not given up yet; null: there is no bucket" }));

export const sightingSchema = Type.Object({
  subjects: hashes,
  clean: Type.Boolean({ description: 'nothing of the subjects is anywhere, and everything could be read' }),
  found: Type.Object(found, strict),
  places: Type.Record(Type.String(), count, { description: 'in which tables, and how many rows' }),
  captures: Type.Array(text, { description: 'at most 100' }),
  objects: Type.Array(Type.Object({ provider: text, kind: text, id: text }, strict), { description: 'remembered objects, at most 100' }),
  openRuns: Type.Array(text, { description: 'nothing is erased until they are closed' }),
  pending: Type.Array(text, { description: 'calls without an outcome, at most 100: they stay until they have one' }),
  linked: Type.Object({ identities: hashes, captures: count }, { ...strict, description: 'what is known of the same person by other identities; goes with `linked: true`' }),
  near: Type.Object({ count, captures: ids }, { ...strict, description: 'captures where the value is a part of a longer one: never erased' }),
  scanned: Type.Object(scanned, strict),
  bucket,
}, { ...strict, description: 'What a look through the whole store found' });

const storage = Type.Union([
  Type.Object({ engine: oneOf('sqlite'), logEmptied: Type.Boolean(), vacuumed: Type.Boolean(), files: Type.Object({ bytes: count, found: count }, strict) }, strict),
  Type.Object({ engine: oneOf('postgres'), vacuumed: Type.Boolean(), why: nullable(text), mayStillHold: ids }, strict),
]);

export const proofSchema = Type.Object({
  id: text, at: text, actor: text, subjects: hashes, linked: oneOf('erased', 'left'),
  erased: Type.Object({ ...found, bodies: count }, strict),
  events: Type.Array(Type.Unsafe<readonly [number, number]>({ type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 }), { description: "the events 'deleted', as stretches of the log" }),
  clean: Type.Boolean({ description: 'the second look found nothing' }),
  left: Type.Object({ found: Type.Object(found, strict), captures: ids, openRuns: ids, linkedCaptures: count, near: count }, strict),
  scan: Type.Object({ ...scanned, later: Type.Integer({ description: 'captures recorded after the second look and before this proof' }) }, { ...strict, description: 'the second look' }),
  storage,
  bucket,
  previous: nullable(Type.String({ description: 'sha256 of the proof before' })),
  sha256: Type.String({ description: 'of everything else here, as JSON' }),
}, { ...strict, description: 'That an erasure happened, and what is left. Names nobody' });
