import { beforeAll, describe, expect, it } from 'vitest';
import { families, inVersion, operationNames } from '../../../src/providers/stripe/families.ts';
import { adoptions, seed } from '../../../src/providers/stripe/seeds.ts';
import { defaultVersion } from '../../../src/providers/stripe/reply.ts';
import type { JsonObject } from '../../../src/providers/wire/json.ts';
import { typeFaults } from './types/checking.ts';
import type { Checked } from './types/checking.ts';
import { harvest } from './types/harvest.ts';
import { scenario } from './types/scenario.ts';
import { seeds } from './types/seeds.ts';
import { interfaceNames } from './sdk-types.ts';

const shown = harvest();
const names = interfaceNames();
const seen = (object: JsonObject | null) => (object === null ? null : inVersion(object, defaultVersion));

beforeAll(async () => {
  await scenario(shown);
});

describe('what the simulation shows has the types of the official SDK', () => {
  // whoever adds a family or an operation adds a call of it to types/scenario.ts
  it('and the calls below answer every operation that is simulated', () => {
    expect(operationNames.filter((name) => !shown.operations.has(name))).toEqual([]);
  });

  it('and show every family', () => {
    expect(families.map(({ kind }) => kind).filter((kind) => !shown.kinds.has(kind))).toEqual([]);
  });

  it('in every object of every answer and event, to the last property', async () => {
    expect(await typeFaults([...shown.kinds.values()].flat())).toEqual([]);
  });

  it('and so do the objects that are seeded, and those that are made up', async () => {
    const made = seeds.flatMap(([kind, id, value]): Checked[] => [{ name: `seed ${kind} ${id}`, type: `Stripe.${names.get(kind)!}`, shown: seen(seed(kind, id, value).value as JsonObject) }]);
    const adopted = Object.entries(adoptions).map(([kind, adopt]): Checked => {
      const prefix = families.find((family) => family.kind === kind)?.prefix ?? 'sub_';
      return { name: `adopted ${kind}`, type: `Stripe.${names.get(kind)!}`, shown: seen(adopt!(`${prefix}1abc`, { now: 1, livemode: true })) };
    });
    expect(await typeFaults([...made, ...adopted])).toEqual([]);
  });

  it('and the check sees a missing property, a wrong type, one too many, an unknown word and a fault deep inside', async () => {
    const customer = shown.kinds.get('customer')![0]!.shown as { readonly invoice_settings: object };
    const faults = await typeFaults([
      { name: 'good', type: 'Stripe.Customer', shown: customer },
      { name: 'missing', type: 'Stripe.Customer', shown: { ...customer, email: undefined } },
      { name: 'wrong', type: 'Stripe.Customer', shown: { ...customer, created: 'now' } },
      { name: 'too many', type: 'Stripe.Customer', shown: { ...customer, colour: 'red' } },
      { name: 'word', type: 'Stripe.Customer', shown: { ...customer, tax_exempt: 'maybe' } },
      { name: 'deep', type: 'Stripe.Customer', shown: { ...customer, invoice_settings: { ...customer.invoice_settings, footer: 1 } } },
    ]);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['missing', 'wrong', 'too many', 'word', 'deep']);
  });
});
