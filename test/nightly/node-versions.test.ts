import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { nodeCalls } from '../clients/node-calls.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/** The preload on every Node it is made for. The programs are optional dependencies of test/clients/sdks (Linux, x64). */
const versions = [18, 20, 22, 26];
const program = (version: number): string => fileURLToPath(new URL(`../clients/sdks/node_modules/node-${version}/bin/node`, import.meta.url));

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => discard(gateway));

describe.each(versions)('Node %i', (version) => {
  it.skipIf(existsSync(program(version)))('is not run here: it is not installed (npm ci in test/clients/sdks)', () => undefined);
  describe.skipIf(!existsSync(program(version)))('through `fourthwall run`', () => {
    nodeCalls(program(version), () => gateway, { undici: version >= 22 });
  });
});
