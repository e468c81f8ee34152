import { describe, expect, it } from 'vitest';
import { explain } from '../../src/policy/explain.ts';
import { customer, earlier, elsewhere, email, rules, sends } from './world.ts';

const policy = rules([
  '{ id: trial, mode: report, when: { channel: email }, then: reject, because: a trial }',
  '{ id: texts, when: { channel: sms }, then: capture, because: texts stay }',
  '{ id: customers, when: { channel: email, recipients: { some: real } }, then: reject, because: customers are never reached }',
  '{ id: later, when: { channel: email, recipients: { every: safe } }, then: forward, because: colleagues asked }',
]);

describe('explain', () => {
  it('shows every rule, also behind the first match, condition by condition', () => {
    const { decision, trace } = explain(policy, sends(email({ recipients: [customer] })));
    expect(decision).toMatchObject({ action: 'reject', rule: 'customers', reported: ['trial'] });
    expect(trace.map(({ rule, matched, won, mode, action }) => ({ rule, matched, won, mode, action }))).toEqual([
      { rule: 'trial', matched: true, won: false, mode: 'report', action: 'reject' },
      { rule: 'texts', matched: false, won: false, mode: 'decide', action: 'capture' },
      { rule: 'customers', matched: true, won: true, mode: 'decide', action: 'reject' },
      { rule: 'later', matched: false, won: false, mode: 'decide', action: 'forward' },
    ]);
    expect(trace[3]).toMatchObject({
      sentence: "every effect's channel is email and every recipient is safe",
      because: 'not so: every recipient is safe',
      conditions: [{ sentence: "every effect's channel is email", holds: true }, { sentence: 'every recipient is safe', holds: false }],
    });
  });

  it('says what is not known yet', () => {
    const waiting = rules(['{ id: get, when: { host: a.test, method: GET }, then: capture, because: reads stay }']);
    const { decision, trace } = explain(waiting, earlier(elsewhere('a.test'), 'connect'));
    expect(decision).toEqual({ kind: 'undecided' });
    expect(trace[0]).toMatchObject({ matched: null, won: false, because: 'not known yet: method is GET' });
  });

  it('names the winner when the gateway itself turns its forward into a refusal', () => {
    const out = rules(['{ id: out, when: { channel: email }, then: forward, because: somebody wished so }']);
    const { decision, trace } = explain(out, sends(email({ recipients: [customer] })));
    expect(decision).toMatchObject({ action: 'reject', rule: 'gateway:guard' });
    expect(trace[0]).toMatchObject({ won: true, matched: true });
  });
});
