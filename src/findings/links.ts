import { unescapeHtml } from './html-text.ts';

const mostLinks = 200;
const longestLink = 2_048;

/** Where a reader of the message could go: http and https addresses of text and HTML, each once, in order. Never fetched. */
export function linksIn(content: { readonly text: string; readonly html: string }): readonly string[] {
  const found = new Set<string>();
  const add = (link: string) => {
    if (found.size < mostLinks && link.length <= longestLink && /^https?:\/\/[^/]/i.test(link)) found.add(link);
  };
  for (const match of content.html.matchAll(/\s(?:href|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi)) {
    add(unescapeHtml(match[1] ?? match[2] ?? match[3] ?? '').trim());
  }
  for (const match of content.text.matchAll(/\bhttps?:\/\/[^\s<>"`\\^]+/gi)) add(trimmed(match[0]));
  return [...found];
}

/** A full stop or bracket that closes the sentence is not part of the address; one that was opened in it is. */
function trimmed(link: string): string {
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link[end - 1] ?? '';
    if (/[.,;:!?'*_]/.test(last)) continue;
    if (last === ')' && !link.slice(0, end - 1).includes('(')) continue;
    if (last === ']' && !link.slice(0, end - 1).includes('[')) continue;
    break;
  }
  return link.slice(0, end);
}
