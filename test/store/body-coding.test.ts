import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { decode, decodeAside, decodeHeadAside, encode, encodeAside, enoughForHead, sha256Of, type Coded } from '../../src/store/body-coding.ts';
import { letters } from '../contract/store-bodies.ts';

const MiB = 1024 * 1024;

test('what is compressed aside is read like what is compressed here, and the other way round', async () => {
  for (const bytes of [letters(0), letters(255), letters(256), letters(65_536), letters(65_537), letters(1_000_000), randomBytes(100_000)]) {
    const [here, aside] = [encode(bytes), await encodeAside(bytes)].map((coded) => ({ ...coded, sha256: sha256Of(bytes), size: bytes.length }));
    // A view would travel between threads with all the memory it is a view of.
    expect(decode(here!).buffer.byteLength).toBe(bytes.length);
    expect(aside!.coding).toBe(here!.coding);
    expect([Buffer.compare(await decodeAside(here!), bytes), Buffer.compare(decode(aside!), bytes)]).toEqual([0, 0]);
  }
});

test('the largest mail holds up nobody while it is compressed and read aside', async () => {
  const mail = letters(25 * MiB);
  let turns = 0;
  let done = false;
  const others = (async () => { while (!done) { await turn(); turns += 1; } })();
  const turnsOf = async <T>(what: () => Promise<T>): Promise<readonly [T, number]> => {
    const before = turns;
    return [await what(), turns - before];
  };
  const [coded, whileCompressing] = await turnsOf<Coded>(() => encodeAside(mail));
  const kept = { ...coded, sha256: sha256Of(mail), size: mail.length };
  const [read, whileReading] = await turnsOf(() => decodeAside(kept));
  done = true;
  await others;
  expect(Math.min(whileCompressing, whileReading)).toBeGreaterThan(20);
  expect(Buffer.compare(read, mail)).toBe(0);
  expect(Buffer.compare(await decodeHeadAside({ ...kept, data: kept.data.subarray(0, enoughForHead) }), mail.subarray(0, 65_536))).toBe(0);
});
