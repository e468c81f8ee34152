import { generateKeyPairSync } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CallbackDraft, Consequences, Delivery, HttpProvider, LaterEvent, PastCall, SimulationContext } from '../../src/model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { HttpFixture } from '../support/http-file.ts';
import { fixedNow, memory } from '../support/simulation-context.ts';

/** What a provider promises of what it tells the application: while it simulates, later, and under whose signature. */
export function callbacksContract(provider: HttpProvider, fixtures: readonly HttpFixture[], secret: string | undefined): void {
  const events = provider.events ?? [];
  const answered = fixtures.filter(({ request }) => provider.decode(request).kind !== 'unrecognized');

  it('says which events there are exactly when it can make them happen', () => {
    expect(provider.later === undefined).toBe(events.length === 0);
    expect(new Set(events).size).toBe(events.length);
    expect(events.filter((name) => name.trim() === '' || name !== name.trim())).toEqual([]);
  });

  it.each(answered)('tells nothing but whole callbacks when $name is answered', async ({ request }) => {
    const { callbacks } = await provider.simulate(request, provider.decode(request), memory().context());
    expect((callbacks ?? []).flatMap(faults)).toEqual([]);
  });

  it.each(events.length > 0 ? answered : [])('knows for $name what comes of every event, the same every time', async ({ request }) => {
    const wrong: string[] = [];
    for (const { event, call, context } of await happenings(provider, request)) {
      const [first, again] = [await provider.later!(event, call, context()), await provider.later!(event, call, context())];
      wrong.push(...consequenceFaults(first).map((fault) => `${JSON.stringify(event)}: ${fault}`));
      if (!isDeepStrictEqual(first, again)) wrong.push(`${JSON.stringify(event)}: something else the second time`);
    }
    expect(wrong).toEqual([]);
  });

  if (provider.sign === undefined) return;
  describe('signs', () => {
    /** one for each event, from the first call that it can happen to */
    const deliveries = async (): Promise<readonly Delivery[]> => {
      const drafts = new Map<string, CallbackDraft>();
      for (const { request } of answered) {
        for (const { event, call, context } of (await happenings(provider, request)).filter(({ event: { name } }) => !drafts.has(name))) {
          const [draft] = (await provider.later!(event, call, context())).callbacks ?? [];
          if (draft !== undefined) drafts.set(event.name, draft);
        }
      }
      const made = drafts.size > 0 ? [...drafts.values()] : [{ method: 'POST', headers: [], contentType: 'application/json', body: '{"event":"delivered"}' }];
      return made.map(({ method, headers, contentType, body }) => ({ method, headers, contentType, body, url: 'https://shop.internal.test/hooks/in?a=b' }));
    };
    const refused = (delivery: Delivery, by: string): string | null => {
      try {
        provider.sign!(delivery, by, fixedNow);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : 'no Error';
      }
    };

    it('nothing with an empty secret, and says what is right', async () => {
      for (const delivery of await deliveries()) expect(refused(delivery, '')).toMatch(/\w+ \w+ \w+/);
    });

    it('the same bytes the same way, and leaves where they go alone', async () => {
      const all = await deliveries();
      const by = secret ?? usualSecrets.map((make) => make()).find((each) => refused(all[0]!, each) === null);
      if (by === undefined) throw new Error(`${provider.name}: none of the usual forms of a secret is taken: give providerContract a \`secret\``);
      for (const delivery of all) {
        const before = structuredClone(delivery);
        const [signed, again] = [provider.sign!(delivery, by, fixedNow), provider.sign!(delivery, by, fixedNow)];
        expect(delivery).toEqual(before);
        // ECDSA has another number in every signature
        if (by.includes('PRIVATE KEY')) expect(withoutValues(again)).toEqual(withoutValues(signed));
        else expect(again).toEqual(signed);
        expect([signed.url, signed.method, signed.contentType]).toEqual([delivery.url, delivery.method, delivery.contentType]);
        expect(signed).not.toEqual(delivery);
        expect(signed.headers.map(([name]) => name)).toEqual(expect.arrayContaining(delivery.headers.map(([name]) => name)));
      }
    });
  });
}

interface Happening {
  readonly event: LaterEvent;
  readonly call: PastCall<HttpRequest, HttpResponse>;
  readonly context: () => SimulationContext;
}

/**
 * Every event of a call: to all of its recipients, to each of the first few, to somebody else; with a detail of its own; and of what is left
 * of a call when its secrets or its bodies were not kept.
 */
async function happenings(provider: HttpProvider, request: HttpRequest): Promise<readonly Happening[]> {
  const decoded = provider.decode(request);
  const kept = memory();
  const { reply, remember } = await provider.simulate(request, decoded, kept.context());
  kept.keep(remember ?? []);
  const people = decoded.kind === 'effects' ? decoded.effects.flatMap(({ recipients }) => recipients.map(({ address }) => address)) : [];
  const whole = { request, decoded, reply };
  const masked = { ...whole, request: { ...request, headers: request.headers.map(([name, value]) => [name, /auth|key|token|secret/i.test(name) ? '*'.repeat(value.length) : value] as const) } };
  const bodiless = { ...whole, request: { ...request, body: new Uint8Array() }, reply: { ...reply, body: new Uint8Array() } };
  const cases: readonly (readonly [PastCall<HttpRequest, HttpResponse>, string | null, string | null])[] = [
    ...[null, ...[...new Set(people)].slice(0, 4), 'nobody@example.test'].map((recipient) => [whole, recipient, null] as const),
    [whole, null, 'a detail nobody foresaw'], [masked, null, null], [bodiless, null, null], [bodiless, people[0] ?? null, null],
  ];
  return (provider.events ?? []).flatMap((name) => cases.map(([call, recipient, detail]) => ({ event: { name, recipient, detail }, call, context: () => kept.context({ call: 2 }) })));
}

export function consequenceFaults({ remember, callbacks }: Consequences): readonly string[] {
  return [...(callbacks ?? []).flatMap(faults), ...(remember ?? []).filter((each) => !isPlain(each)).map(({ kind, id }) => `${kind} ${id} is not plain JSON`)];
}

function faults(draft: CallbackDraft): readonly string[] {
  const { target, object, notBeforeMs, method, body, contentType } = draft;
  const said: readonly (readonly [boolean, string])[] = [
    [isPlain(draft), 'is not plain JSON'], [target !== '', 'has no target'], [object !== '', 'is about no object'], [Number.isSafeInteger(notBeforeMs) && notBeforeMs > Date.UTC(2020, 0), 'is due at no time since the epoch'],
    [/^[A-Z]+$/.test(method), 'has no method'], [typeof body === 'string', 'has a body that is no text'], [contentType !== '' || body === '', 'has a body of no type'],
    [!/undefined|\[object|NaN/.test(body), 'has something undefined in its body'],
  ];
  return said.filter(([fine]) => !fine).map(([, fault]) => `the callback to ${target} ${fault}: ${JSON.stringify(draft).slice(0, 300)}`);
}

function isPlain(value: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
}

function withoutValues({ headers, ...rest }: Delivery): unknown {
  return { ...rest, headers: headers.map(([name]) => name) };
}

/** Only made where the ones before are not taken: keys take their time. */
const usualSecrets: readonly (() => string)[] = [
  () => 'a-secret-of-32-characters-length',
  () => `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}`,
  () => Buffer.from('a secret of 32 bytes of length..').toString('hex'),
  () => Buffer.from('a secret of 32 bytes of length..').toString('base64'),
  () => 'user:a-password',
  () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
];
