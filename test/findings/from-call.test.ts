import { describe, expect, it } from 'vitest';
import { findingsOfCall } from '../../src/findings/from-call.ts';
import type { Recipient, Standing } from '../../src/model/recipient.ts';
import type { Email, Liveness } from '../../src/model/side-effect.ts';

const to = (address: string, standing: Standing): Recipient => ({ address, kind: 'email', role: 'to', standing, why: `${address} is ${standing}` });
const mail = (recipients: readonly Recipient[], liveness: Liveness = 'unknown'): Email<Recipient> => ({
  channel: 'email', provider: 'acme', operation: 'mail.send', liveness, recipients, keys: [], from: null, subject: null, text: null, html: null, attachments: [], template: null,
});
const ids = (decoded: Parameters<typeof findingsOfCall>[0]) => findingsOfCall(decoded).map(({ id, where }) => `${id} @ ${where}`);

describe('findings of a call', () => {
  it('names each real, invalid and unknown recipient once, and no safe or reserved one', () => {
    expect(ids({ kind: 'effects', effects: [
      mail([to('ann@shop.example', 'real'), to('qa@safe.test', 'safe'), to('x@example.com', 'reserved'), to('nonsense', 'invalid')]),
      mail([to('ann@shop.example', 'real'), to('bob@shop.example', 'real'), to('list 7', 'unknown')]),
    ] })).toEqual([
      'real-recipient @ recipient ann@shop.example', 'invalid-recipient @ recipient nonsense', 'real-recipient @ recipient bob@shop.example', 'unknown-audience @ recipient list 7',
    ]);
  });

  it('says why, in at most 120 characters', () => {
    const [finding] = findingsOfCall({ kind: 'effects', effects: [mail([{ ...to('a@b.example', 'real'), why: 'x '.repeat(200) }])] });
    expect(finding?.excerpt).toHaveLength(120);
  });

  it.each([['live', ['live-credential @ credential']], ['test', []], ['unknown', []]] as const)('takes a credential that is %s as %j', (liveness, expected) => {
    expect(ids({ kind: 'effects', effects: [mail([], 'test'), mail([], liveness)] })).toEqual(expected);
    expect(ids({ kind: 'read', operation: 'balance.get', liveness })).toEqual(expected);
  });

  it('finds nothing in a call that was not understood', () => {
    expect(ids({ kind: 'unrecognized', why: 'garbage' })).toEqual([]);
  });
});
