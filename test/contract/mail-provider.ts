import { describe, expect, it } from 'vitest';
import type { MailTransaction } from '../../src/model/exchange.ts';
import type { MailProvider } from '../../src/model/provider.ts';
import { readable } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';
import type { MailFixture } from '../support/smtp-file.ts';

/** What every provider of mail by SMTP promises: whatever the message looks like, the envelope is told in full. */
export function mailProviderContract(provider: MailProvider, { fixtures }: { readonly fixtures: readonly MailFixture[] }): void {
  describe(`${provider.name} keeps the mail provider contract`, () => {
    it.each(fixtures)('decodes $name as its .decoded.json says, every time', ({ transaction, decoded }) => {
      expect(readable(provider.decode(transaction))).toEqual(decoded);
      expect(provider.decode(transaction)).toEqual(provider.decode(transaction));
    });

    it.each(fixtures)('tells every RCPT of $name, whatever becomes of the message', ({ transaction }) => {
      const { message } = transaction;
      const lengths = [0, 1, 2, 10, Math.floor(message.length / 2), message.length - 2, message.length - 1];
      const messages = [
        ...lengths.map((length) => message.subarray(0, Math.max(length, 0))),
        Buffer.alloc(100), Buffer.from(Array.from({ length: 256 }, (_, index) => index)), Buffer.from(': \r\n\r\n'), Buffer.from('\r\n\r\n'),
        Buffer.from(Buffer.from(message).toString('latin1').replaceAll('\r\n', '\r'), 'latin1'),
        Buffer.from(Buffer.from(message).toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
        Buffer.concat([Buffer.from('To: x@x.test\r\nTo: y@y.test\r\n'), message]),
      ];
      for (const each of messages) {
        const decoded = provider.decode({ ...transaction, message: each } satisfies MailTransaction);
        expect(decoded.kind).toBe('effects');
        const told = decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients) : [];
        expect(told.filter(({ role }) => role === 'envelope').map(({ address }) => address)).toEqual(transaction.to.map(({ address }) => address));
      }
    });

    it.each(fixtures)('answers $name with the capture, and refuses it with rule and reason', async ({ transaction }) => {
      const context = memory().context();
      const { reply } = await provider.simulate(transaction, provider.decode(transaction), context);
      expect(reply).toEqual({ kind: 'smtp', code: 250, enhanced: '2.0.0', text: `captured ${context.capture}` });
      expect(provider.reject(transaction, { rule: 'no-real-people', reason: 'ann is real', capture: context.capture }))
        .toEqual({ kind: 'smtp', code: 550, enhanced: '5.7.1', text: 'no-real-people: ann is real' });
    });

    it.each(fixtures)('refuses $name in one line, whatever the reason holds', ({ transaction }) => {
      const { text } = provider.reject(transaction, { rule: 'r', reason: 'first\r\n250 2.0.0 second\nthird', capture: 'cap_1' });
      expect(text).toBe('r: first 250 2.0.0 second third');
    });
  });
}
