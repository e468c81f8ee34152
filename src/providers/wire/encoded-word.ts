/** =?charset*language?encoding?text?= with charset and language bounded: a subject may be 256 KiB of beginnings. */
const word = '=\\?([A-Za-z0-9_.:+-]{1,40})(?:\\*[A-Za-z0-9-]{0,40})?\\?([BbQq])\\?([!->@-~]*)\\?=';
const run = new RegExp(`${word}(?:[ \\t]*${word})*`, 'g');

/**
 * Unstructured header text with its encoded words (RFC 2047) read. White space between two of them is dropped (§6.2);
 * neighbours in one charset are joined as bytes first, for senders that cut a letter in two. What cannot be read stays.
 */
export function decodeWords(text: string): string {
  return text.replaceAll(run, (words) => {
    const pieces: { charset: string; bytes: Buffer }[] = [];
    for (const [, charset = '', encoding = '', encoded = ''] of words.matchAll(new RegExp(word, 'g'))) {
      const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(encoded, 'base64') : quoted(encoded);
      const last = pieces.at(-1);
      if (last !== undefined && last.charset.toLowerCase() === charset.toLowerCase()) last.bytes = Buffer.concat([last.bytes, bytes]);
      else pieces.push({ charset, bytes });
    }
    try {
      return pieces.map(({ charset, bytes }) => new TextDecoder(charset).decode(bytes)).join('');
    } catch {
      // A charset nobody here knows: shown as it was sent.
      return words;
    }
  });
}

/** The "Q" encoding, §4.2 */
function quoted(text: string): Buffer {
  const latin1 = text.replaceAll('_', ' ').replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin1, 'latin1');
}
