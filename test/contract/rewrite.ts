import { describe, expect, it } from 'vitest';
import type { Change, HttpProvider } from '../../src/model/provider.ts';
import type { Addressee } from '../../src/model/recipient.ts';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { HttpFixture } from '../support/http-file.ts';

const email = 'stand-in@example.test';
const phone = '+15005550006';
const same: Change = { capture: 'cap_1', host: null, credential: null, value: (value) => value, recipient: ({ address }) => address, sender: (address) => address, subject: (subject) => subject, text: (text) => text };
const replaced: Change = { ...same, recipient: ({ kind }) => (kind === 'phone' ? phone : email), sender: () => null };

/** What every provider promises that knows rewrites: whoever could be replaced is, nobody is added, and what cannot be is not sent. */
export function rewriteContract(provider: HttpProvider, { fixtures }: { readonly fixtures: readonly HttpFixture[] }): void {
  describe(`${provider.name} keeps the contract of rewrites`, () => {
    const reached = (request: HttpRequest): readonly Addressee[] => {
      const decoded = provider.decode(request);
      return decoded.kind === 'effects' ? decoded.effects.flatMap((effect) => effect.recipients) : [];
    };
    const names = (recipients: readonly Addressee[]): readonly string[] => [...new Set(recipients.map(({ kind, address }) => `${kind} ${address}`))].sort();
    const rewritable = fixtures.filter(({ request }) => provider.rewrite?.(request, same).kind === 'rewritten');

    it('has fixtures that can be rewritten, and says their texts', () => {
      expect(rewritable.length).toBeGreaterThan(0);
      expect(provider.said).toBeTypeOf('function');
    });

    it.each(rewritable)('reaches the same people in the same way with $name when nothing is changed', ({ request }) => {
      const made = provider.rewrite!(request, same);
      if (made.kind === 'impossible') throw new Error(made.why);
      expect(provider.decode(made.request).kind).toBe(provider.decode(request).kind);
      expect(names(reached(made.request))).toEqual(names(reached(request)));
      expect(provider.said!(made.request)).not.toBeNull();
      expect(provider.rewrite!(request, same)).toEqual(made);
    });

    it.each(rewritable)('reaches nobody with an address but the stand-ins with $name when everybody is replaced', ({ request }) => {
      const made = provider.rewrite!(request, replaced);
      if (made.kind === 'impossible') return;
      const people = reached(made.request).filter(({ kind }) => kind === 'email' || kind === 'phone');
      expect(people.filter(({ address }) => ![email, phone].includes(address.replace(/^[a-z]+:/, '')))).toEqual([]);
      const before = reached(request).filter(({ kind, address }) => (kind === 'email' || kind === 'phone') && address.length > 5);
      const bytes = decodeURIComponent(Buffer.from(made.request.body).toString().replaceAll('+', '%2B').replaceAll(/%(?![0-9a-f]{2})/gi, ''));
      const texts = provider.said!(made.request)!.map(({ text }) => text).join('\n');
      for (const { address } of before) if (![email, phone].includes(address) && bytes.includes(address)) expect(texts).toContain(address);
    });

    it.each(fixtures)('makes nothing of $name that it could not read', ({ request }) => {
      if (provider.decode(request).kind !== 'unrecognized') return;
      const made = provider.rewrite?.(request, same);
      if (made?.kind === 'rewritten') expect(provider.decode(made.request).kind).toBe('unrecognized');
    });
  });
}
