import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOf, clients, everyHost, modes, tableText } from '../clients/clients-table.ts';
import type { Cell, Mode } from '../clients/clients-table.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/**
 * docs/clients.md holds what this run found. `FOURTHWALL_WRITE_CLIENTS=1` writes it.
 * Not transparent, by their own nature: Mollie trusts only the roots it brings; firebase-admin's sendEach speaks a broken HTTP/2.
 */
const known: ReadonlyMap<string, readonly Mode[]> = new Map<string, readonly Mode[]>([['mollie-api-client', ['transparent']], ['firebase-admin.sendEach', ['transparent']]]);
const page = fileURLToPath(new URL('../../docs/clients.md', import.meta.url));
const [begin, end] = ['<!-- written by test/nightly/clients.test.ts -->', '<!-- end -->'];

let gateway: RunningGateway;
const cells = new Map<string, Record<Mode, Cell>>();
beforeAll(async () => {
  gateway = await startGateway({ policy: everyHost });
});
afterAll(() => discard(gateway));

describe.each(clients)('%s', (client) => {
  it.each(modes)('%s', async (mode) => {
    const { cell, told } = await cellOf(gateway, client, mode);
    cells.set(client, { ...cells.get(client)!, [mode]: cell });
    if (process.env['FOURTHWALL_SHOW_CLIENTS'] !== undefined) process.stderr.write(`${client} ${mode}: ${cell} ${told}\n`);
    if (mode === '`fourthwall run`' || mode === 'transparent') {
      expect(cell, told).toBe(known.get(client)?.includes(mode) === true ? 'refused and recorded' : 'captured');
    }
  });
});

it('docs/clients.md says what was found', async () => {
  const text = await readFile(page, 'utf8');
  const [before, after] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
  const now = `${before}\n${tableText(cells)}\n${after}`;
  if (process.env['FOURTHWALL_WRITE_CLIENTS'] === undefined) expect(text).toBe(now);
  else await writeFile(page, now);
});
