/** Run by `npm run test:nightly` only: what takes long and has its quicker likeness in `npm test` (the other engine, or the same without a key). */
export const slow = [
  'test/store/sqlite/bucket.test.ts', 'test/store/bucket/crash.test.ts', 'test/cli/store/bucket.test.ts', 'test/cli/store/sealed.test.ts',
];

/** Run by both: on plain stores by `npm test`, on sealed ones by night (test/store/sealed.ts). */
export const sealedByNight = ['test/store/*/contract.test.ts', 'test/store/*/erasure.test.ts'];
