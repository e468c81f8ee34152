import type { StoredHttpRequest } from '../../model/capture.ts';

/** Set by curl itself, about one connection only, or cut out before storing. */
const leftOut = new Set([
  'host', 'content-length', 'connection', 'transfer-encoding', 'expect', 'upgrade', 'keep-alive', 'te', 'trailer', 'proxy-connection',
  'authorization', 'proxy-authorization', 'cookie',
]);
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** A terminal would act on these while the command is pasted (ESC[201~ ends a bracketed paste); NUL ends an argument. */
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
// eslint-disable-next-line no-control-regex
const controlOrBreak = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** One word for a POSIX shell, whatever is in it: within single quotes nothing is special but the quote itself. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The same call as a command for a POSIX shell. It goes through the gateway (`proxy`): a pasted command must not be the
 * one call that leaves. Header lines or URLs a terminal could act on are left out or percent-encoded; such a body is
 * given as base64.
 */
export function curlCommand(request: StoredHttpRequest, proxy: string): string {
  const words = [
    'curl', '--globoff', '--path-as-is', '--proxy', shellQuote(proxy), '--cacert', 'fourthwall-ca.pem',
    '--request', shellQuote(token.test(request.method) ? request.method : 'GET'),
    '--url', shellQuote(visible(request.url)),
  ];
  for (const [name, value] of request.headers) {
    if (leftOut.has(name.toLowerCase()) || !token.test(name) || controlOrBreak.test(value)) continue;
    // `Name;` is how curl sends a header without a value; `Name:` would remove it.
    words.push('--header', shellQuote(value.trim() === '' ? `${name};` : `${name}: ${value}`));
  }
  const { body } = request;
  if (body.size === 0 || body.encoding === 'none') return words.join(' ');
  if (body.encoding === 'utf8' && !control.test(body.data)) return `${words.join(' ')} --data-raw ${shellQuote(body.data)}`;
  const base64 = body.encoding === 'base64' ? body.data : utf8ToBase64(body.data);
  return `printf %s ${shellQuote(base64)} | base64 -d | ${words.join(' ')} --data-binary @-`;
}

function visible(url: string): string {
  return url.replaceAll(new RegExp(controlOrBreak, 'g'), (character) => encodeURIComponent(character));
}

function utf8ToBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
