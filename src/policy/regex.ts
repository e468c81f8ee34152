import type { Parsed } from './file/shape.ts';

const longest = 200;

/** characters of a subject for which the work is reckoned */
const subject = 1_000;
/** comparisons that one match may take on such a subject */
const mostWork = 50_000_000;

/**
 * `/source/` or `/source/i` as a regular expression that must match the whole text. Patterns that could take exponential or
 * high polynomial time are refused: look-around, back-references, a repeated group that itself repeats or branches, more than
 * two unbounded repeats, and more ways to match than are tried in a moment (every `?`, `{a,b}` and `|` multiplies them).
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

/** A group while it is read: in how many ways it can match, and how many characters it compares at most on each. */
interface Group {
  risky: boolean;
  /** of the branches before the last `|` */
  branches: Work;
  /** of this branch, without its last item */
  branch: Work;
  /** what a quantifier that follows would repeat */
  item: Work;
}
interface Work { readonly ways: number; readonly length: number }

const none: Work = { ways: 0, length: 0 };
const empty: Work = { ways: 1, length: 0 };
const after = (one: Work, other: Work): Work => ({ ways: one.ways * other.ways, length: one.length + other.length });
const either = (one: Work, other: Work): Work => ({ ways: one.ways + other.ways, length: Math.max(one.length, other.length) });
const opened = (): Group => ({ risky: false, branches: none, branch: empty, item: empty });
const workOf = ({ branches, branch, item }: Group): Work => either(branches, after(branch, item));

/** One pass over the source: what makes it dangerous, or null. */
function dangerOf(source: string): string | null {
  const groups: Group[] = [opened()];
  let unbounded = 0;
  let closed: Group | null = null;
  const add = (group: Group, item: Work): void => {
    group.branch = after(group.branch, group.item);
    group.item = item;
  };
  for (const [token] of source.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?<?[:=!]?|\{[0-9]+(?:,[0-9]*)?\}|[^]/g)) {
    if (/^\\[1-9k]/.test(token)) return 'back-references';
    if (token === '\\b' || token === '\\B') return 'word boundaries';
    if (token.startsWith('(?') && token !== '(?:') return 'look-around, named groups or group flags';
    const innermost = groups.at(-1)!;
    if (token === '(' || token === '(?:') groups.push(opened());
    else if (token === '|') {
      innermost.risky = true;
      innermost.branches = workOf(innermost);
      innermost.branch = innermost.item = empty;
    } else if (token === ')' && groups.length > 1) {
      closed = groups.pop()!;
      const outer = groups.at(-1)!;
      if (closed.risky) outer.risky = true;
      add(outer, workOf(closed));
      continue;
    } else if (isQuantifier(token)) {
      if (closed?.risky === true && token !== '?') return 'a repeated group that repeats or branches inside';
      innermost.risky = true;
      const [least, most] = boundsOf(token);
      if (most === Infinity) unbounded += 1;
      if (token.startsWith('{') && [least, most].some((count) => count > 64 && count !== Infinity)) return 'counts above 64';
      innermost.item = repeated(innermost.item, least, most);
    } else add(innermost, { ways: 1, length: 1 });
    closed = null;
  }
  if (unbounded > 2) return 'more than two unbounded repeats';
  const whole = groups.map(workOf).reduce(after, empty);
  return whole.ways * Math.max(whole.length, 1) > mostWork ? 'so many ways to match: fewer or smaller ?, {a,b}, * and |' : null;
}

function isQuantifier(token: string): boolean {
  return token === '*' || token === '+' || token === '?' || /^\{[0-9]/.test(token);
}

function boundsOf(token: string): readonly [least: number, most: number] {
  if (token === '?') return [0, 1];
  if (token === '*' || token === '+') return [token === '*' ? 0 : 1, Infinity];
  const [, least = '', comma, most = ''] = /^\{([0-9]+)(,)?([0-9]*)\}$/.exec(token)!;
  return [Number(least), comma === undefined ? Number(least) : most === '' ? Infinity : Number(most)];
}

/** Every count is a way of its own. What has several ways by itself is repeated by `?` only. */
function repeated({ ways, length }: Work, least: number, most: number): Work {
  const counts = Math.min(most, subject) - least + 1;
  // of an unbounded repeat the ways before share their characters
  return { ways: ways === 1 ? counts : ways + 1, length: length * (most === Infinity ? Math.max(least, 1) : most) };
}
