import type { Bytes } from '../../model/bytes.ts';
import { unreadable } from './unread.ts';
import type { Unread } from './unread.ts';

/** Bytes as strict UTF-8. A byte order mark is refused: some readers skip it and some do not. */
export function strictText(bytes: Bytes): { readonly kind: 'text'; readonly text: string } | Unread {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? unreadable('body begins with a byte order mark') : { kind: 'text', text };
  } catch {
    // TextDecoder throws on the first invalid sequence; unreadable lets nobody out.
    return unreadable('body is not valid UTF-8');
  }
}
