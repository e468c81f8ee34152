import { expect, test } from 'vitest';
import { sendsNothingReal } from '../../src/control/judged-capture.ts';
import type { StoredDecoded } from '../../src/model/capture.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Recipient, Standing } from '../../src/model/recipient.ts';
import type { Liveness } from '../../src/model/side-effect.ts';

const effects: StoredDecoded = { kind: 'effects', effects: [{}] };
const unrecognized: StoredDecoded = { kind: 'unrecognized', why: 'garbage' };
const read: StoredDecoded = { kind: 'read', operation: 'messages.list', liveness: 'test' };

function forward(plan: { readonly internal?: boolean; readonly via?: string }): Decision {
  return {
    action: 'forward', plan: { internal: plan.internal ?? false, via: plan.via ?? null, rewrites: [] },
    rule: 'out', reason: '', trace: [], reported: [], policy: { sha256: '' }, fault: null,
  };
}
function to(...standings: readonly Standing[]): readonly Recipient[] {
  return standings.map((standing, n) => ({ address: `${n}@x.test`, kind: 'email', role: 'to', standing, why: '' }));
}

test.each<[string, Decision, StoredDecoded, readonly Recipient[], Liveness, boolean]>([
  ['to our own service, whatever it is', forward({ internal: true }), unrecognized, [], 'unknown', true],
  ['all safe and test', forward({}), effects, to('safe', 'safe'), 'test', true],
  ['nobody named, test', forward({}), effects, [], 'test', true],
  ['a read with a test key', forward({}), read, [], 'test', true],
  ['a read with a live key', forward({}), read, [], 'live', false],
  ['one of two is real', forward({}), effects, to('safe', 'real'), 'test', false],
  ['reserved is not safe', forward({}), effects, to('reserved'), 'test', false],
  ['unknown is not safe', forward({}), effects, to('unknown'), 'test', false],
  ['live', forward({}), effects, to('safe'), 'live', false],
  ['unknown liveness counts as live', forward({}), effects, to('safe'), 'unknown', false],
  ['by a relay liveness is not asked', forward({ via: 'relay' }), effects, to('safe'), 'unknown', true],
  ['by a relay to nobody at all', forward({ via: 'relay' }), effects, [], 'unknown', false],
  ['by a relay to a customer', forward({ via: 'relay' }), effects, to('real'), 'unknown', false],
  ['not understood, although it looks harmless', forward({}), unrecognized, to('safe'), 'test', false],
  ['not understood, by a relay', forward({ via: 'relay' }), unrecognized, to('safe'), 'test', false],
])('a forward: %s', (_name, decision, decoded, recipients, liveness, expected) => {
  expect(sendsNothingReal({ decision, decoded, recipients, liveness })).toBe(expected);
});
