import type { StoredBody } from '../../model/capture.ts';
import { isRecord } from '../api/client.ts';

export interface BodyText { readonly kind: 'json' | 'form' | 'text' | 'binary' | 'empty'; readonly text: string }

/** A body made readable: JSON indented, a form one field a line, anything else as it is. */
export function prettyBody(body: StoredBody, contentType: string | null): BodyText {
  if (body.size === 0) return { kind: 'empty', text: '' };
  if (body.encoding !== 'utf8') return { kind: 'binary', text: '' };
  const type = (contentType ?? '').toLowerCase();
  if (type.includes('json') || /^\s*[[{]/.test(body.data)) {
    try {
      // Only for show: numbers beyond 2^53 keep their digits in the raw view.
      return { kind: 'json', text: JSON.stringify(JSON.parse(body.data), null, 2) };
    } catch { /* cut off or not JSON after all: shown as it is */ }
  }
  if (type.includes('x-www-form-urlencoded')) {
    return { kind: 'form', text: [...new URLSearchParams(body.data)].map(([name, value]) => `${name} = ${value}`).join('\n') };
  }
  return { kind: 'text', text: body.data };
}

export function jsonBody(body: StoredBody): Readonly<Record<string, unknown>> | null {
  if (body.encoding !== 'utf8') return null;
  try {
    const value: unknown = JSON.parse(body.data);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
