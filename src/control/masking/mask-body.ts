/** A body as the API shows it to somebody who may not see it all. */
export interface MaskedBody {
  readonly encoding: 'utf8' | 'none';
  readonly data: string;
  readonly size: number;
  readonly truncated: boolean;
  readonly href: null;
  /** why nothing is shown of it */
  readonly withheld?: string;
  readonly streamed?: unknown;
}

/**
 * Only what is read whole and for sure is shown: JSON, forms and plain text. A mail has parts in base64, a multipart has files, a body cut off may
 * end in the middle of an address: those are withheld, and so is what is no text.
 */
export function maskBody(body: unknown, { of, mask, text }: { readonly of: object; readonly mask: (json: unknown) => unknown; readonly text: (plain: string) => string }): unknown {
  if (typeof body !== 'object' || body === null || !('encoding' in body)) return body;
  const { encoding, data, size, truncated, streamed } = body as { readonly encoding: unknown; readonly data: unknown; readonly size: number; readonly truncated: unknown; readonly streamed?: unknown };
  const rest = { size, ...streamed === undefined ? {} : { streamed } };
  const withheld = (withheldFor: string): MaskedBody => ({ encoding: 'none', data: '', truncated: true, href: null, withheld: withheldFor, ...rest });
  if (size === 0) return { encoding: 'none', data: '', truncated: false, href: null, ...rest };
  if (!('kind' in of) || of.kind !== 'http') return withheld('a message as it came cannot be masked for sure');
  if (encoding !== 'utf8' || typeof data !== 'string') return withheld('bytes cannot be masked');
  if (truncated !== false) return withheld('only its beginning is at hand, and that cannot be masked for sure');
  const masked = maskedText(data, contentType(of), { mask, text });
  return masked === null ? withheld('it cannot be read for sure, so it cannot be masked') : { encoding: 'utf8', data: masked, truncated: false, href: null, ...rest } satisfies MaskedBody;
}

function maskedText(data: string, type: string, { mask, text }: { readonly mask: (json: unknown) => unknown; readonly text: (plain: string) => string }): string | null {
  if (/multipart|message\/|rfc822|octet-stream|zip|pdf/.test(type) || /^(?:--|content-|mime-|from:|to:|received:|return-path:)/im.test(data.slice(0, 2_000))) return null;
  if (/json/.test(type) || /^\s*[[{]/.test(data)) {
    try {
      return JSON.stringify(nested(JSON.parse(data), mask));
    } catch {
      return /x-www-form-urlencoded|^text\//.test(type) ? text(data) : null;
    }
  }
  if (/x-www-form-urlencoded/.test(type)) {
    return [...new URLSearchParams(data)].map(([name, value]) => {
      const [masked] = Object.entries(nested({ [name]: value }, mask) as Record<string, unknown>);
      return `${encoded(masked?.[0] ?? '')}=${encoded(String(masked?.[1] ?? ''))}`;
    }).join('&');
  }
  return text(data);
}

/** A text in JSON that is JSON itself is read as such, so that a field in it is known by its name. */
function nested(value: unknown, mask: (json: unknown) => unknown): unknown {
  const unpacked = (item: unknown): unknown => {
    if (typeof item === 'string' && /^\s*[[{]/.test(item)) {
      try {
        return JSON.stringify(mask(unpacked(JSON.parse(item))));
      } catch {
        return item;
      }
    }
    if (Array.isArray(item)) return item.map(unpacked);
    return typeof item === 'object' && item !== null ? Object.fromEntries(Object.entries(item).map(([key, one]) => [key, unpacked(one)])) : item;
  };
  return mask(unpacked(value));
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%E2%80%A2', '•').replaceAll('%40', '@').replaceAll('%20', '+');
}

function contentType(of: object): string {
  const headers = 'headers' in of && Array.isArray(of.headers) ? of.headers as readonly unknown[] : [];
  const found = headers.find((pair): pair is readonly [string, string] => Array.isArray(pair) && typeof pair[0] === 'string' && pair[0].toLowerCase() === 'content-type');
  return String(found?.[1] ?? '').toLowerCase();
}
