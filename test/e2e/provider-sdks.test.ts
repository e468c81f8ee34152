import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpProviders, mailProvider, providerNames } from '../../src/providers/index.ts';
import { madeBy, sdkCalls } from '../clients/provider-calls.ts';
import type { SdkCall, SdkOutcome } from '../clients/provider-calls.ts';
import { discard, startGateway, type RunningGateway } from '../support/gateway.ts';

/**
 * The vendors' own libraries, unchanged and told nothing, through the real gateway by `fourthwall run`: what each thinks its vendor answered
 * when the call is captured, and when it is refused. Which libraries: test/clients/sdks/calls.
 */
const policy = `version: 1
default: reject
limits: { burst: off }
rules:
  - { id: nobody-from-here, when: { service: "refused-*", decoded: effects }, then: reject, because: this service may reach nobody }
  - { id: everything-we-understand, when: { decoded: [effects, read] }, then: capture, because: staging sends nothing }
`;
const covered = sdkCalls.filter(({ provider }) => providerNames.includes(provider));
const missing = sdkCalls.filter(({ provider }) => !providerNames.includes(provider));
const named = ({ library, call }: SdkCall): string => call === null ? library : `${library} ${call}`;

let gateway: RunningGateway | undefined;
let kept: ReadonlyMap<string, SdkOutcome>;
let refused: ReadonlyMap<string, SdkOutcome>;
beforeAll(async () => {
  gateway = await startGateway({ policy });
  const both = [() => madeBy(gateway!, 'kept', covered), () => madeBy(gateway!, 'refused', covered)] as const;
  if (availableParallelism() > 1) [kept, refused] = await Promise.all([both[0](), both[1]()]);
  else [kept, refused] = [await both[0](), await both[1]()];
}, 240_000);
afterAll(() => discard(gateway));

describe.each(covered.map((each) => [named(each), each] as const))('%s', (_name, { file, provider }) => {
  const effectsOf = ({ arrived }: SdkOutcome): SdkOutcome['arrived'] => arrived.filter(({ channels, rule, operation }) => operation !== null && channels.length > 0 && rule !== 'default');

  it('resolves on a captured call, which is its vendor\'s and says who it was for', () => {
    const outcome = kept.get(file)!;
    expect(outcome, 'it did not resolve').toMatchObject({ resolved: true });
    expect(outcome.arrived.filter(({ action }) => action !== 'capture'), 'something was refused').toEqual([]);
    const own = outcome.arrived.filter((each) => each.provider === provider);
    expect(own.length, JSON.stringify(outcome.arrived)).toBeGreaterThan(0);
    const reached = effectsOf(outcome).filter((each) => each.provider === provider);
    // a payment may name nobody: who pays is a token
    if (!reached.some(({ channels }) => channels.includes('payment'))) expect(reached.flatMap(({ recipients }) => recipients).length, JSON.stringify(own)).toBeGreaterThan(0);
  });

  it('raises an error with rule and reason on a refused call, after one attempt', () => {
    const outcome = refused.get(file)!;
    expect(outcome.resolved, 'a refused call resolved').toBe(false);
    expect(outcome.error).toContain('nobody-from-here');
    expect(outcome.error).toContain('this service may reach nobody');
    expect(outcome.arrived.filter(({ action, rule }) => action === 'reject' && rule === 'nobody-from-here'), JSON.stringify(outcome.arrived)).toHaveLength(1);
  });
});

describe.runIf(missing.length > 0)('not covered', () => {
  it.each(missing.map((each) => [named(each), each.provider] as const))('%s: no provider speaks for %s yet', () => undefined);
});

it('every provider that was tried with a library makes a call with it here', () => {
  // a login reaches nobody, and is part of other calls
  const tried = [mailProvider, ...httpProviders].flatMap(({ name, channels, about }) => about.verified === null || channels.length === 0 ? [] : [{ provider: name, library: about.verified.sdk }]);
  expect(tried.filter(({ provider, library }) => !sdkCalls.some((each) => each.provider === provider && each.library === library))).toEqual([]);
});
