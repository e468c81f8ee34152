import type { Parsed } from './file/shape.ts';

const longest = 200;

/**
 * `/source/` or `/source/i` as a regular expression that must match the whole text. Patterns that could take exponential or
 * high polynomial time are refused: look-around, back-references, a repeated group that itself repeats or branches, and more
 * than two unbounded repeats.
 */
export function compileRegex(text: string): Parsed<RegExp> {
  const split = /^\/(.+)\/(i?)$/s.exec(text);
  if (split === null) return { expected: 'a regular expression between slashes: /.../ or /.../i' };
  const source = split[1]!;
  if (source.length > longest) return { expected: `a regular expression of at most ${longest} characters` };
  const danger = dangerOf(source);
  if (danger !== null) return { expected: `a regular expression without ${danger}` };
  try {
    return { value: new RegExp(`^(?:${source})$`, split[2]) };
  } catch (error) {
    return { expected: `a regular expression (${error instanceof Error ? error.message : 'this one is not'})` };
  }
}

/** One pass over the source: what makes it dangerous, or null. */
function dangerOf(source: string): string | null {
  const groups: { risky: boolean }[] = [{ risky: false }];
  let unbounded = 0;
  let closed: { risky: boolean } | null = null;
  for (const [token] of source.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?<?[:=!]?|\{[0-9]+(?:,[0-9]*)?\}|[^]/g)) {
    if (/^\\[1-9k]/.test(token)) return 'back-references';
    if (token === '\\b' || token === '\\B') return 'word boundaries';
    if (token.startsWith('(?') && token !== '(?:') return 'look-around, named groups or group flags';
    const innermost = groups.at(-1)!;
    if (token === '(' || token === '(?:') groups.push({ risky: false });
    else if (token === '|') innermost.risky = true;
    else if (token === ')' && groups.length > 1) {
      closed = groups.pop()!;
      if (closed.risky) groups.at(-1)!.risky = true;
      continue;
    } else if (isQuantifier(token)) {
      if (closed?.risky === true && token !== '?') return 'a repeated group that repeats or branches inside';
      if (token !== '?') innermost.risky = true;
      if (/^(?:[*+]|\{[0-9]+,\})$/.test(token)) unbounded += 1;
      if (token.startsWith('{') && token.match(/[0-9]+/g)!.some((count) => Number(count) > 64)) return 'counts above 64';
    }
    closed = null;
  }
  return unbounded > 2 ? 'more than two unbounded repeats' : null;
}

function isQuantifier(token: string): boolean {
  return token === '*' || token === '+' || token === '?' || /^\{[0-9]/.test(token);
}
