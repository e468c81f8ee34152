import { first } from './001-first.ts';
import { callbacks } from './002-callbacks.ts';
import { codedBodies } from './003-coded-bodies.ts';
import { retention } from './004-retention.ts';
import { sealing } from './005-sealing.ts';
import { bucket } from './006-bucket.ts';
import { growth } from './007-growth.ts';

/** In order; the position (from 1) is the `user_version` a store has after it. Never reorder or change one that shipped. */
export const migrations: readonly string[] = [first, callbacks, codedBodies, retention, sealing, bucket, growth];
