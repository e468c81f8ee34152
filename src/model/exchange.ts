import type { Bytes } from './bytes.ts';

/** One header field as it stood on the wire: name case and order kept, value as latin1-decoded text. */
export type Header = readonly [name: string, value: string];
export type Headers = readonly Header[];

/** What passed of a body that was never held: the message's `body` is its beginning, at most 64 KiB. */
export interface Streamed {
  /** bytes that passed; null while they pass, and when the gateway ended in the middle */
  readonly size: number | null;
  /** of exactly those bytes, hex */
  readonly sha256: string | null;
  /** false: cut off before its end, or not known to have ended */
  readonly whole: boolean;
}

export interface Authority {
  /** lower-case ASCII host name or IP literal (IPv6 without brackets), no trailing dot */
  readonly host: string;
  readonly port: number;
}

/** An HTTP call, parsed once and strictly by ingress. What is decided on and what may be sent are both made from this value. */
export interface HttpRequest {
  readonly kind: 'http';
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly authority: Authority;
  /** as sent, beginning with '/', without the query */
  readonly path: string;
  /** as sent, without '?'; null when there was no '?' */
  readonly query: string | null;
  readonly version: '1.0' | '1.1' | '2';
  /** hop-by-hop and our own X-Fourthwall-* fields are already taken out by ingress */
  readonly headers: Headers;
  readonly trailers: Headers;
  /** as sent (content codings not undone), transfer coding undone */
  readonly body: Bytes;
  /** given where the body was passed on as it came, and `body` is only its beginning */
  readonly streamed?: Streamed;
}

export interface HttpResponse {
  readonly kind: 'http';
  readonly status: number;
  readonly headers: Headers;
  readonly trailers: Headers;
  readonly body: Bytes;
  /** as for a request */
  readonly streamed?: Streamed;
}

export interface MailPath {
  /** the address between the angle brackets, as sent; '' for the null reverse-path `<>` */
  readonly address: string;
  /** ESMTP parameters of MAIL or RCPT as sent, e.g. [['SIZE','120']] */
  readonly parameters: Headers;
}

/** One accepted DATA: the envelope and the message exactly as sent (dot-unstuffed). */
export interface MailTransaction {
  readonly kind: 'mail';
  readonly helo: string | null;
  /** null on a plain connection */
  readonly tls: { readonly protocol: string; readonly cipher: string } | null;
  /** the user name of a successful AUTH; the secret is never kept */
  readonly authUser: string | null;
  readonly from: MailPath;
  readonly to: readonly MailPath[];
  readonly message: Bytes;
  /** what both sides said before the message, a line each ('C: ', 'S: '), at most 16 KiB, credentials left out */
  readonly transcript?: string;
}

export interface SmtpReply {
  readonly kind: 'smtp';
  /** three digits, e.g. 250 */
  readonly code: number;
  /** RFC 3463 enhanced status, e.g. '2.0.0' */
  readonly enhanced: string;
  readonly text: string;
}

/** A way out that was refused before any request could be read: CONNECT, or a TLS hello by SNI. */
export interface ConnectAttempt {
  readonly kind: 'connect';
  readonly via: 'connect' | 'sni';
  /** null where the client named no usable target */
  readonly authority: Authority | null;
  readonly headers: Headers;
}

/** Something arrived that could not be read as a request at all. `received` is at most the first 64 KiB. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly protocol: 'http' | 'smtp' | 'connect';
  readonly authority: Authority | null;
  readonly received: Bytes;
}

export type Request = HttpRequest | MailTransaction | ConnectAttempt | Unreadable;
export type Reply = HttpResponse | SmtpReply;

/** First value of a header, name compared case-insensitively; null when absent. */
export function header(headers: Headers, name: string): string | null {
  const wanted = name.toLowerCase();
  return headers.find(([field]) => field.toLowerCase() === wanted)?.[1] ?? null;
}

/** Every value of a header, in order. */
export function headerAll(headers: Headers, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
}
