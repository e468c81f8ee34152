import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { createContentReader, type ContentReader } from '../../src/findings/before-decision.ts';
import { defaultLimits, type Limits } from '../../src/model/limits.ts';
import type { Recipient } from '../../src/model/recipient.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { decide } from '../../src/policy/decide.ts';
import { email, http, mail, sms } from '../contract/store-drafts.ts';
import { mail as mailInput, recipient, rules } from '../policy/world.ts';

const opened: ContentReader[] = [];
afterEach(() => Promise.all(opened.splice(0).map((reader) => reader.close())));

function open(limits: Partial<Limits> = {}, pattern = 'order (\\d+)'): ContentReader {
  const reader = createContentReader({ limits: { ...defaultLimits, mimeTime: 10_000, ...limits }, correlate: [{ name: 'order', pattern }], logger: pino({ level: 'silent' }) });
  opened.push(reader);
  return reader;
}
const byMail: Decoded<Recipient> = { kind: 'effects', effects: [email()] };
const letter = (text: string) => mail({ message: Buffer.from(`Subject: x\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`) });
const idsOf = async (reader: ContentReader, ...call: Parameters<ContentReader['read']>): Promise<readonly string[]> => (await reader.read(...call)).map(({ id }) => id);

describe('content that is read before the decision', () => {
  it('has its findings: of a mail by SMTP, and of a call that carries words', async () => {
    const reader = open();
    expect(await idsOf(reader, { request: letter('Dear null,'), decoded: byMail })).toEqual(['null-name']);
    expect(await idsOf(reader, { request: http(), decoded: { kind: 'effects', effects: [sms({ text: 'Hi {{name}}' })] } })).toEqual(['unrendered-template']);
    expect(await idsOf(reader, { request: letter('Dear Ann,'), decoded: byMail })).toEqual([]);
    expect(await idsOf(reader, { request: http(), decoded: { kind: 'read', operation: 'list', liveness: 'test' } })).toEqual([]);
  });

  it('that cannot be read in time is unparsed, and the next is read again', async () => {
    const reader = open({ mimeTime: 200 }, '(a+)+b'); // takes for ever on many a
    const slow = await reader.read({ request: letter(`Dear null, ${'a'.repeat(60)}`), decoded: byMail });
    expect(slow).toMatchObject([{ id: 'unparsed', excerpt: expect.stringContaining('longer than') as unknown }]);
    expect(await idsOf(reader, { request: letter('Dear null,'), decoded: byMail })).toEqual(['null-name']);
  });

  it('that is deeper than what is read is unparsed too, with what was found so far', async () => {
    const reader = open({ mimeParts: 2 });
    const parts = Array.from({ length: 10 }, () => '--b\r\nContent-Type: text/plain\r\n\r\nDear null,\r\n').join('');
    const message = Buffer.from(`Subject: Hi {{name}}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`);
    expect(await idsOf(reader, { request: mail({ message }), decoded: byMail })).toContain('unparsed');
  });

  it('does not keep a long line waiting', async () => {
    const reader = open({ mimeTime: 10_000, requestTimeout: 40_000 }); // two may wait
    const all = await Promise.all(Array.from({ length: 5 }, () => idsOf(reader, { request: letter('Dear null,'), decoded: byMail })));
    expect(all).toEqual([['null-name'], ['null-name'], ['unparsed'], ['unparsed'], ['unparsed']]);
  });
});

describe('a call that is unparsed', () => {
  const asks = rules([
    '{ id: no-jokes, when: { finding: rude-salutation }, then: reject, because: x }',
    '{ id: out, when: { recipients: { every: safe } }, then: { forward: { via: relay } }, because: x }',
  ]);
  const input = (findings: readonly string[]) => ({ ...mailInput(recipient('qa@example.test', 'safe')), findings });

  it('is never forwarded: that no rule found something in it proves nothing', () => {
    expect(decide(asks, input([]))).toMatchObject({ action: 'forward', rule: 'out' });
    expect(decide(asks, input(['rude-salutation']))).toMatchObject({ action: 'reject', rule: 'no-jokes' });
    expect(decide(asks, input(['unparsed']))).toMatchObject({ action: 'reject', rule: 'gateway:guard', reason: expect.stringContaining('could not be read to its end') as unknown });
  });
});
