import type { Authority } from '../model/exchange.ts';
import { DialRefused } from './dialer.ts';

/** A forward that brought no answer. */
export interface ForwardFailure {
  /** what failed, on what: written by us, never a library's own words */
  readonly reason: string;
  /** the other side may have read the call and acted on it */
  readonly reached: boolean;
  readonly timeout: boolean;
}

const unreached: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refused the connection',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name could not be looked up now',
  EHOSTUNREACH: 'no route leads there',
  ENETUNREACH: 'no route leads there',
  ETIMEDOUT: 'it did not accept the connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'the body is not as long as its Content-Length says',
};

/** What may be said of it to the client. Doubt about whether the call arrived says that it may have. */
export function failureOf({ host, port }: Authority, error: unknown): ForwardFailure {
  if (error instanceof DialRefused) return { reason: error.message, reached: false, timeout: false };
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = unreached[code];
  if (known !== undefined) return { reason: `${host}:${port} was not reached: ${known}`, reached: false, timeout: false };
  if (/^(?:CERT_|DEPTH_|SELF_|UNABLE_)/.test(code)) return { reason: `${host}:${port} was not reached: its certificate is not to be trusted (${code})`, reached: false, timeout: false };
  const timeout = error instanceof Error && error.message.startsWith('nothing moved for');
  const how = timeout ? error.message : code === '' ? 'the connection broke' : `the connection broke (${code})`;
  return { reason: `${host}:${port} gave no whole answer: ${how}`, reached: true, timeout };
}
