import type { SimulationContext } from '../../model/provider.ts';

const epoch = 1_420_070_400_000;

/** ms since 2015, then 22 bits that tell what was made in the same ms apart. https://docs.discord.com/developers/reference#snowflakes */
export function snowflake(context: SimulationContext): string {
  return String((BigInt(context.now - epoch) << 22n) | BigInt(context.id('', { length: 6, alphabet: 'digits' })));
}

/** '2026-11-21T09:00:00.250000+00:00' */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00');
}
