import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/model/exchange.ts';
import type { HttpProvider } from '../../src/model/provider.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { readable } from '../support/http-file.ts';
import type { HttpFixture } from '../support/http-file.ts';
import { memory } from '../support/simulation-context.ts';
import { callbacksContract } from './callbacks.ts';
import { hostedContract } from './hosted.ts';
import { cutInTwoWays, disguised, duplicated, garbage, overridden, pathRespelled, queryDuplicated, queryGarbage, queryReordered, queryTruncated, recoded, reordered, truncated, withAnyBody } from './provider-mutations.ts';
import type { Mutation } from './provider-mutations.ts';

interface Given {
  readonly fixtures: readonly HttpFixture[];
  /** a webhook secret as the vendor gives it, for a provider that signs; without it the usual forms are tried */
  readonly secret?: string;
  /** kinds of its hosted pages that can be paid again and again: payment links */
  readonly reusable?: readonly string[];
}

/**
 * What every HTTP provider promises, whatever its vendor. Call it from the provider's own test with its fixtures; it needs
 * at least one fixture that decodes to effects, but for a provider without channels.
 */
export function providerContract(provider: HttpProvider, { fixtures, secret, reusable = [] }: Given): void {
  describe(`${provider.name} keeps the provider contract`, () => {
    const refusal = { rule: 'no-real-people', reason: 'ann@customer.example is a real person', capture: 'cap_00000000000000000000000001' };
    const reaching = fixtures.filter(({ request }) => provider.decode(request).kind === 'effects');
    const understood = fixtures.filter(({ request }) => provider.decode(request).kind !== 'unrecognized');
    const withBody = reaching.filter(({ request }) => request.body.length > 0);
    const withQuery = reaching.filter(({ request }) => request.query !== null);
    const bodiless = reaching.filter(({ request }) => request.body.length === 0);

    it.runIf(provider.channels.length > 0)('has fixtures that reach somebody', () => {
      expect(reaching.length).toBeGreaterThan(0);
    });

    it.each(fixtures)('decodes $name as its .decoded.json says', ({ request, decoded }) => {
      expect(readable(provider.decode(request))).toEqual(decoded);
    });

    it.each(fixtures)('decodes $name the same again, into declared channels and its own name', ({ request }) => {
      const before = readable(request);
      const first = provider.decode(request);
      expect(provider.decode(request)).toEqual(first);
      expect(readable(request)).toEqual(before);
      if (first.kind !== 'effects') return;
      expect(first.effects.length).toBeGreaterThan(0);
      for (const effect of first.effects) {
        expect(provider.channels).toContain(effect.channel);
        expect(effect.provider).toBe(provider.name);
      }
    });

    it.each(fixtures)('answers $name with the same bytes in the same context', async ({ request }) => {
      const decoded = provider.decode(request);
      if (decoded.kind === 'unrecognized') return;
      const answers = await Promise.all([1, 2].map(() => provider.simulate(request, decoded, memory().context())));
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[0]!.reply.status).toBeGreaterThanOrEqual(200);
      expect(JSON.parse(JSON.stringify(answers[0]!.remember ?? []))).toEqual(answers[0]!.remember ?? []);
    });

    it.each(fixtures)('refuses $name with rule and reason, in a status nobody retries', ({ request }) => {
      const reply = provider.reject(request, refusal);
      const body = Buffer.from(reply.body).toString('utf8');
      expect(body).toContain(refusal.rule);
      expect(body).toContain(refusal.reason);
      expect(reply.status).toBeLessThan(500);
      expect([408, 409, 425, 429]).not.toContain(reply.status);
    });

    it.each(withBody)('never takes $name for less when its body is cut short', ({ request }) => {
      const cuts = truncated(request);
      expect(broken(provider, request, cuts.filter(({ declared }) => declared), sameOrUnrecognized)).toEqual([]);
      expect(broken(provider, request, cuts, neverRead)).toEqual([]);
    });

    it.each(withBody)('never takes $name for less when a field is given twice', ({ request }) => {
      expect(broken(provider, request, duplicated(request), noFewerRecipients)).toEqual([]);
    });

    it.each(withBody)('never takes $name for harmless when its body is garbage', ({ request }) => {
      expect(broken(provider, request, garbage(request), noFewerRecipients)).toEqual([]);
    });

    it.each(withBody.filter(({ request }) => cutInTwoWays(request).length > 0))('does not read $name at all where its parts could be cut in two ways', ({ request }) => {
      expect(broken(provider, request, cutInTwoWays(request), unrecognizedOnly)).toEqual([]);
    });

    it.each(withBody)('reads $name the same or not at all under another content type', ({ request }) => {
      expect(broken(provider, request, disguised(request), sameOrUnrecognized)).toEqual([]);
    });

    it.each(withBody)('reads $name the same or not at all when it is compressed', ({ request }) => {
      expect(broken(provider, request, recoded(request), sameOrUnrecognized)).toEqual([]);
    });

    it.each(withBody)('finds the same recipients in $name when its fields come in another order', ({ request }) => {
      const orders = reordered(request);
      expect(broken(provider, request, orders.filter(({ free }) => free), sameRecipients)).toEqual([]);
      expect(broken(provider, request, orders, sameRecipientsOrUnrecognized)).toEqual([]);
    });

    it.each(withQuery)('never takes $name for less when its query is cut, given twice or garbage, and reads it in any order', ({ request }) => {
      expect(broken(provider, request, queryTruncated(request), neverRead)).toEqual([]);
      expect(broken(provider, request, queryDuplicated(request), noFewerRecipients)).toEqual([]);
      expect(broken(provider, request, queryGarbage(request), noFewerRecipients)).toEqual([]);
      expect(broken(provider, request, queryReordered(request), sameRecipients)).toEqual([]);
    });

    it.each(bodiless)('never takes $name for less when a body comes with it', ({ request }) => {
      expect(broken(provider, request, withAnyBody(request), noFewerRecipients)).toEqual([]);
    });

    it.each(reaching)('never takes $name for a read when its path is written another way', ({ request }) => {
      expect(broken(provider, request, pathRespelled(request), neverRead)).toEqual([]);
    });

    it.each(understood)('never takes $name for harmless when a header asks for another method', ({ request }) => {
      expect(broken(provider, request, overridden(request), neverRead)).toEqual([]);
      expect(broken(provider, request, overridden(request), noFewerRecipients)).toEqual([]);
    });

    it.runIf(provider.seed !== undefined)('refuses a seed that its vendor could not have, and says what is right', () => {
      const made = ['nothing-of-the-kind', '__proto__', 'constructor'].flatMap((kind) => [null, 1, 'x', [], {}, { id: 'another' }].flatMap((value) => {
        try {
          provider.seed!(kind, 'x', value);
          return [`${kind} ${JSON.stringify(value)} is taken`];
        } catch (error) {
          return error instanceof Error && error.constructor === Error && error.message.length > 20 ? [] : [`${kind} ${JSON.stringify(value)}: ${String(error)}`];
        }
      }));
      expect(made).toEqual([]);
    });

    callbacksContract(provider, fixtures, secret);
    hostedContract(provider, fixtures, reusable);
  });
}

/** What is wrong with how a changed call is decoded, given how the original is; null when nothing is. */
type Rule = (changed: Decoded, original: Decoded) => string | null;

/** The mutations after which a rule does not hold, each with what was decoded. */
function broken(provider: HttpProvider, request: HttpRequest, mutations: readonly Mutation[], rule: Rule): readonly string[] {
  const original = provider.decode(request);
  return mutations.flatMap(({ what, request: changed }) => {
    const decoded = provider.decode(changed);
    const fault = rule(decoded, original);
    return fault === null ? [] : [`${what}: ${fault}: ${JSON.stringify(readable(decoded)).slice(0, 500)}`];
  });
}

const neverRead: Rule = (changed) => changed.kind === 'read' ? 'taken for a read' : null;

const unrecognizedOnly: Rule = (changed) => changed.kind === 'unrecognized' ? null : 'read all the same';

const sameOrUnrecognized: Rule = (changed, original) =>
  changed.kind === 'unrecognized' || isDeepStrictEqual(readable(changed), readable(original)) ? null : 'neither the same nor unrecognized';

const noFewerRecipients: Rule = (changed, original) => {
  if (changed.kind !== 'effects') return neverRead(changed, original);
  const found = recipientsOf(changed);
  const lost = recipientsOf(original).filter((recipient) => !found.includes(recipient));
  return lost.length === 0 ? null : `lost ${lost.join(', ')}`;
};

const sameRecipients: Rule = (changed, original) =>
  changed.kind === 'effects' && isDeepStrictEqual(recipientsOf(changed).sort(), recipientsOf(original).sort()) ? null : 'other recipients';

const sameRecipientsOrUnrecognized: Rule = (changed, original) => changed.kind === 'unrecognized' ? null : sameRecipients(changed, original);

function recipientsOf(decoded: Decoded): string[] {
  return decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients.map(({ address, kind, role }) => `${kind} ${role} ${address}`)) : [];
}
