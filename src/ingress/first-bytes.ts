import type { Socket } from 'node:net';

export type FirstBytes<T> =
  | { readonly kind: 'known'; readonly what: T }
  /** the client closed, or the time was over, before it could be told */
  | { readonly kind: 'closed' | 'late'; readonly received: Buffer };

/**
 * Looks at the first bytes of a connection without taking them: `tell` is asked after each arrival and says null while it
 * needs more. Everything read is put back, so that whoever takes the socket next sees it whole.
 */
export async function firstBytes<T>(socket: Socket, tell: (bytes: Buffer) => T | null, deadline: number): Promise<FirstBytes<T>> {
  let bytes = Buffer.alloc(0);
  const found = await new Promise<FirstBytes<T>>((resolve) => {
    const timer = setTimeout(() => done({ kind: 'late', received: bytes }), deadline);
    const read = () => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) bytes = Buffer.concat([bytes, chunk]);
      const what = bytes.length === 0 ? null : tell(bytes);
      if (what !== null) done({ kind: 'known', what });
    };
    const gone = () => done({ kind: 'closed', received: bytes });
    const done = (result: FirstBytes<T>) => {
      clearTimeout(timer);
      socket.off('readable', read).off('end', gone).off('close', gone).off('error', gone);
      resolve(result);
    };
    socket.on('readable', read).on('end', gone).on('close', gone).on('error', gone);
    read();
  });
  if (found.kind === 'known') {
    socket.unshift(bytes);
    // The stream leaves its 'readable' mode a tick after its last such listener went.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return found;
}
