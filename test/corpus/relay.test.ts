import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingSmtp } from '../support/recording-smtp.ts';
import type { ReceivedMail, RecordingSmtp } from '../support/recording-smtp.ts';
import type { Bench } from './bench.ts';
import { openBench } from './bench.ts';
import type { Case } from './case.ts';
import { casesOf } from './case.ts';
import { evidenceOf } from './play.ts';

/**
 * "Can never be relayed", tried: every mail of the corpus under policies that would let all of it go. What the relay is given
 * names nobody but the safe, in its envelope and in its header, and is one message, whatever was smuggled into it.
 */
const sessionsOf = (file: string): readonly Case[] => casesOf(file)
  .filter(({ channel, input, fault, then }) => channel === 'smtp' && !input.includes('{{') && fault === undefined && then === undefined);
const [given, own] = [sessionsOf('adversarial.jsonl'), sessionsOf('own.jsonl')];
const safe = /@(?:example|ourcompany)\.test$/;

describe.each<[string, string, readonly Case[]]>([
  ['as they are', '{ forward: { via: mail } }', [...given, ...own]],
  ['with their recipients replaced', '{ forward: { via: mail, rewrite: { recipients: "qa+{hash}@ourcompany.test" } } }', given],
])('mails that are forwarded %s', (_how, consequence, cases) => {
  let relay: RecordingSmtp;
  let bench: Bench;
  const cursor = { seq: 0 };
  const relayed: string[] = [];
  beforeAll(async () => {
    relay = await recordingSmtp();
    bench = await openBench(new Set(), { relay: { port: relay.port, consequence } });
  });
  afterAll(async () => {
    await bench.stop();
    await relay.close();
  });

  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (id, _why, one) => {
    relay.received.length = 0;
    const { captures, leaks } = await evidenceOf(one, bench, cursor, 'at once');
    expect(leaks).toEqual([]);
    expect(relay.received.flatMap(faultsOf)).toEqual([]);
    expect(captures.filter(({ outcome }) => outcome === 'relayed')).toHaveLength(relay.received.length);
    if (relay.received.length > 0) relayed.push(id);
  });

  it('some did leave, so that the others were held back for what they are', () => {
    expect(relayed.length).toBeGreaterThan(5);
  });
});

function faultsOf({ from, to, message, parameters }: ReceivedMail): readonly string[] {
  const header = message.slice(0, message.indexOf('\r\n\r\n'));
  return [
    ...[...to, ...from === '' ? [] : [from]].filter((address) => !safe.test(address)).map((address) => `the envelope names ${address}`),
    ...to.length === 0 ? ['nobody is to get it'] : [],
    ...[...header.matchAll(/[^\s<>",;:]+@[^\s<>",;:]+/g)].map(([address]) => address).filter((address) => !safe.test(address) && !address.endsWith('.invalid')).map((address) => `the header names ${address}`),
    ...header.includes('victim') ? ['the header knows the victim'] : [],
    ...parameters.includes('victim') ? ['a parameter knows the victim'] : [],
    ...(/(?<!\r)\n|\r(?!\n)|\0/.test(message) ? ['a line end that is read in two ways'] : []),
  ];
}
