const hidden = /<(script|style|head|title|template|noscript)\b[^<>]*>[^]*?(?:<\/\1\s*>|$)/gi;
const comment = /<!--[^]*?(?:-->|$)/g;
const block = /<(?:br|\/?(?:p|div|tr|td|th|li|h[1-6]|table|ul|ol|blockquote|section|article|header|footer))\b[^<>]*>/gi;
const tag = /<[a-z/!?][^<>]*>/gi;

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', zwnj: '', zwj: '' };

/** Undoes character references, once. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi, (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/**
 * What a reader sees of HTML, near enough to look for words in: no scripts, styles or tags, lines where blocks end. Not for
 * display. A template's `<%` and `{{` stay.
 */
export function visibleText(html: string): string {
  const text = html.replace(comment, '').replace(hidden, ' ').replace(block, '\n').replace(tag, '');
  return unescapeHtml(text).replace(/[ \t\u00a0]+/g, ' ').replace(/ ?\r?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}
