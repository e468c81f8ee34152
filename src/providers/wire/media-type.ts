import type { Headers } from '../../model/exchange.ts';
import { headerAll } from '../../model/exchange.ts';

export interface MediaType {
  /** lower-case 'type/subtype' */
  readonly type: string;
  /** names lower-case, values unquoted, as sent */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const typePattern = new RegExp(`^(${token}/${token})((?:[ \\t]*;.*)?)$`, 's');
const parameterPattern = new RegExp(`[ \\t]*;[ \\t]*(?:(${token})=(?:(${token})|"((?:[^"\\\\\\r\\n]|\\\\[^\\r\\n])*)"))?`, 'y');

/**
 * The Content-Type of a message (RFC 9110 §8.3). Null when there is none, when it is malformed, when a parameter occurs
 * twice, and when there are two Content-Type headers: in each case the body must not be read on a guess.
 */
export function mediaType(headers: Headers): MediaType | null {
  const values = headerAll(headers, 'content-type');
  return values.length === 1 ? parseMediaType(values[0]!) : null;
}

export function parseMediaType(value: string): MediaType | null {
  const match = typePattern.exec(value.trim());
  if (match === null) return null;
  const parameters: Record<string, string> = {};
  const rest = match[2]!.trimEnd();
  for (let at = 0; at < rest.length; at = parameterPattern.lastIndex) {
    parameterPattern.lastIndex = at;
    const found = parameterPattern.exec(rest);
    if (found === null) return null;
    if (found[1] === undefined) continue;
    const name = found[1].toLowerCase();
    if (name === '__proto__' || Object.hasOwn(parameters, name)) return null;
    parameters[name] = found[2] ?? found[3]!.replaceAll(/\\(.)/g, '$1');
  }
  return { type: match[1]!.toLowerCase(), parameters };
}

/** True when the body may be read as UTF-8 text of this type: no charset, or utf-8 (us-ascii is a part of it). */
export function isText(media: MediaType | null, type: string): boolean {
  return media !== null && media.type === type && ['utf-8', 'utf8', 'us-ascii'].includes((media.parameters['charset'] ?? 'utf-8').toLowerCase());
}
