import { createHash } from 'node:crypto';

/**
 * Names the sort of a message, whatever the recipient: 12 hex of a hash of provider, operation and title, with addresses,
 * numbers and long hexadecimal ids taken out. 'Order 12 for ann@x.test' and 'Order 7 for bob@y.test' are the same sort.
 */
export function fingerprint(of: { readonly provider: string; readonly operation: string | null; readonly title: string }): string {
  const title = of.title.toLowerCase()
    .replace(/[^\s<>"'@]+@[^\s<>"']+/g, '@')
    .replace(/\b(?=[0-9a-f-]*\d)[0-9a-f-]{8,}\b/g, '#')
    .replace(/\d+(?:[.,:\d]*\d)?/g, '#');
  return createHash('sha256').update(JSON.stringify([of.provider, of.operation, title])).digest('hex').slice(0, 12);
}
