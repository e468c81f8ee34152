/**
 * Captured HTML made ready for the preview frame. What keeps it harmless is the frame's sandbox and the preview
 * origin's Content-Security-Policy, not this; here go only the few things those two do not govern:
 * - `<link rel=preconnect|dns-prefetch>` opens connections that no CSP directive covers;
 * - `<meta http-equiv>` and `<base>` could change how the rest is read;
 * - links without a target would replace the mail inside its own frame.
 *
 * The three elements are renamed, not removed: an element can only begin with its literal name after '<', so no
 * second HTML parser is needed that could disagree with the browser's. `basefont` is void, stays in the head and has
 * no behaviour (HTML, section 13.2.6.4.4 "in head").
 */
export function inertHtml(html: string, partUrl: (contentId: string) => string | null): string {
  const renamed = html.replace(/<(?:link|meta|base)(?=[\s/>])/gi, '<basefont');
  const linked = renamed.replace(/(["'(=]\s*)cid:([^"'()<>\s]+)/gi, (whole, before: string, id: string) => {
    const url = partUrl(decoded(id));
    return url === null ? whole : before + url;
  });
  // After the doctype, so that the mail keeps the mode (standards or quirks) it was written for.
  const doctype = /^\s*<!doctype[^>]*>/i.exec(linked)?.[0] ?? '';
  // Every link opens a new window, and the sandbox allows none: a click does nothing.
  return `${doctype}<base target="_blank">${linked.slice(doctype.length)}`;
}

/** RFC 2392: a cid URL is the Content-ID, percent-encoded. */
function decoded(id: string): string {
  const plain = id.replaceAll('&amp;', '&');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
