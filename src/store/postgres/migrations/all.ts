import { first } from './001-first.ts';
import { codedBodies } from './002-coded-bodies.ts';
import { retention } from './003-retention.ts';
import { sealing } from './004-sealing.ts';
import { bucket } from './005-bucket.ts';
import { growth } from './006-growth.ts';

/** In order; the position (from 1) is the version a store has after it. Never reorder or change one that shipped. */
export const migrations: readonly string[] = [first, codedBodies, retention, sealing, bucket, growth];
