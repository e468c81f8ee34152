import { asciiLowerCase } from '../model/address/email-address.ts';
import { parseHost } from '../model/host.ts';
import type { Parsed } from './file/shape.ts';
import { compileRegex } from './regex.ts';

/** Something a text can be compared with. `shown` is how a sentence quotes it. */
export interface Pattern {
  readonly shown: string;
  matches(text: string): boolean;
}

/** Nothing longer is ever compared with a pattern; an address or name that long is refused elsewhere. */
const longestText = 16 * 1024;

/** `*` stands for any characters but `stop`, `**` for any at all. Without stars: equality. Quadratic at worst, never exponential. */
export function glob(pattern: string, options: { readonly shown: string; readonly stop?: string; readonly fold?: boolean }): Pattern {
  const fold = (value: string): string => (options.fold === true ? asciiLowerCase(value) : value);
  const tokens = fold(pattern).match(/\*\*|[^]/g) ?? [];
  return { shown: options.shown, matches: (value) => value.length <= longestText && globMatches(tokens, fold(value), options.stop) };
}

/** The set of positions reachable in the pattern, carried along the text. */
function globMatches(tokens: readonly string[], value: string, stop: string | undefined): boolean {
  let reached = throughStars(tokens, new Set([0]));
  for (const character of value.split('')) {
    const next = new Set<number>();
    for (const at of reached) {
      const token = tokens[at];
      if (token === '**' || (token === '*' && character !== stop)) next.add(at);
      else if (token === character && token !== '*') next.add(at + 1);
    }
    if (next.size === 0) return false;
    reached = throughStars(tokens, next);
  }
  return reached.has(tokens.length);
}

function throughStars(tokens: readonly string[], positions: Set<number>): Set<number> {
  for (const at of positions) if (tokens[at] === '*' || tokens[at] === '**') positions.add(at + 1);
  return positions;
}

/** `api.example.test`, an IP literal, `*.example.test` (any labels before it, not the apex itself), or `*`. */
export function parseHostPattern(text: string, shown: string): Parsed<Pattern & { readonly namesHosts: boolean }> {
  if (text === '*') return { value: { shown, namesHosts: false, matches: () => true } };
  const suffix = text.startsWith('*.') ? text.slice(2) : null;
  const host = parseHost(suffix ?? text);
  if (host.kind === 'invalid') return { expected: `a host name, an IP address or *.name; this one ${host.why}` };
  if (suffix === null) return { value: { shown, namesHosts: true, matches: (name) => name === host.host } };
  if (host.kind === 'ip') return { expected: 'a name behind *., not an address' };
  return { value: { shown, namesHosts: true, matches: (name) => name.endsWith(`.${host.host}`) && name.length > host.host.length + 1 } };
}

/** `/regex/` or `/regex/i`, always against the whole text; anything else goes to `plain`. */
export function regexOr(text: string, shown: string, plain: () => Parsed<Pattern>): Parsed<Pattern> {
  if (!text.startsWith('/')) return plain();
  const compiled = compileRegex(text);
  if ('expected' in compiled) return compiled;
  return { value: { shown, matches: (value) => value.length <= longestText && compiled.value.test(value) } };
}
