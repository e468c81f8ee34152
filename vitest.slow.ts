/** Run by `npm run test:nightly` only: what takes long and has a quicker likeness in `npm test` (the other engine, the real program once, every vendor's SDK under `fourthwall run`). */
export const slow = [
  'test/store/*/bucket.test.ts', 'test/store/bucket/crash.test.ts', 'test/cli/store/bucket.test.ts', 'test/cli/store/sealed.test.ts', 'test/cli/store/export-import.test.ts',
  'test/store/sqlite/erasure.test.ts', 'test/clients/other-runtimes.test.ts', 'test/clients/preload.test.ts', 'test/clients/run.test.ts',
];

/** Run by both: on plain stores by `npm test`, on sealed ones by night (test/store/sealed.ts). */
export const sealedByNight = ['test/store/*/contract.test.ts', 'test/store/postgres/erasure.test.ts'];
