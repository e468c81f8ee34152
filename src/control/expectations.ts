/** What an assertion expects. interface.md, "Expectations". */
export type Expectation =
  | { readonly kind: CaptureExpectation }
  | { readonly kind: 'min-captures'; readonly count: number }
  | { readonly kind: 'max-captures'; readonly count: number }
  | { readonly kind: 'seen'; readonly service: string };

/** Expectations that one capture alone can break. */
export const captureExpectations = [
  'no-forwarded', 'no-real-sends', 'no-real-recipients', 'no-live-credentials', 'no-unrecognized', 'no-findings',
] as const;
export type CaptureExpectation = (typeof captureExpectations)[number];

const counted = ['min-captures', 'max-captures'] as const;
export const defaultExpectations = 'no-real-sends,no-unrecognized,min-captures=1';

/** `0` to 15 digits: any count a store can hold. */
const count = /^\d{1,15}$/;
/** interface.md: the grammar of a service's name */
const service = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Reads a comma list such as `no-real-sends,seen=shop,billing,max-captures=3`; a bare word after `seen=` is one more service.
 * `min-captures=1` is added unless the list says another number: `min-captures=0` must be said.
 */
export function readExpectations(text: string): { readonly expectations: readonly Expectation[] } | { readonly problem: string } {
  const found: Expectation[] = [];
  let afterSeen = false;
  for (const item of text.split(',').map((part) => part.trim())) {
    const at = item.indexOf('=');
    const name = at < 0 ? item : item.slice(0, at);
    const value = at < 0 ? null : item.slice(at + 1);
    const plain = captureExpectations.find((known) => known === name);
    const number = counted.find((known) => known === name);
    if (plain !== undefined && value === null) {
      found.push({ kind: plain });
      afterSeen = false;
    } else if (number !== undefined) {
      if (value === null || !count.test(value)) return { problem: `${name}: expected a whole number as in ${name}=1, found ${JSON.stringify(item)}` };
      found.push({ kind: number, count: Number(value) });
      afterSeen = false;
    } else if (name === 'seen' && value !== null && service.test(value)) {
      found.push({ kind: 'seen', service: value });
      afterSeen = true;
    } else if (afterSeen && value === null && service.test(item)) {
      found.push({ kind: 'seen', service: item });
    } else {
      return { problem: `unknown expectation ${JSON.stringify(item)}; known are ${[...captureExpectations, 'min-captures=N', 'max-captures=N', 'seen=service,...'].join(', ')}` };
    }
  }
  return { expectations: found.some(({ kind }) => kind === 'min-captures') ? found : [...found, { kind: 'min-captures', count: 1 }] };
}

/** As it is written in `expect`. */
export function expectationText(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'min-captures':
    case 'max-captures': return `${expectation.kind}=${expectation.count}`;
    case 'seen': return `seen=${expectation.service}`;
    default: return expectation.kind;
  }
}
