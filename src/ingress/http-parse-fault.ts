import type { Limits } from '../model/limits.ts';
import { unreadable } from './fault.ts';
import type { Fault } from './fault.ts';

/** What Node's 'clientError' means for us; null where nothing had arrived, so that there is nothing to record. */
export function parseFault(error: NodeJS.ErrnoException & { readonly reason?: string }, received: Buffer, limits: Limits): Fault | null {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return targetIsLong(received, limits)
        ? unreadable(414, `the request target has more than the ${limits.url} bytes that are taken`)
        : unreadable(431, `the header fields have more than the ${limits.httpHeaderBytes} bytes that are taken`);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW': return unreadable(413, 'the chunk extensions are too long');
    case 'HPE_INVALID_EOF_STATE': return unreadable(400, 'the client closed before the end of its request');
    case 'ERR_HTTP_REQUEST_TIMEOUT': return received.length === 0 ? null : unreadable(408, `the request head did not arrive within ${limits.headersTimeout} ms`);
    default:
      if (error.code?.startsWith('HPE_')) return unreadable(400, `this is not HTTP: ${error.reason ?? error.message}`);
      return received.length === 0 ? null : unreadable(400, 'the connection broke before the end of the request');
  }
}

function targetIsLong(received: Buffer, limits: Limits): boolean {
  const end = received.indexOf('\n');
  const line = received.subarray(0, end === -1 ? received.length : end).toString('latin1');
  return (line.split(' ')[1] ?? '').length > limits.url;
}
