import type { Server } from 'node:http';

/** ms for answers that are on their way when we stop */
const grace = 2_000;

/**
 * Closes a Fastify server, whoever holds a connection: Node waits for one that never said a word as for one that is answered
 * (`server.closeIdleConnections` leaves it). After the grace everybody is cut off. Needs forceCloseConnections 'idle'.
 */
export async function closeApp(app: { readonly server: Server; close(): Promise<unknown> }): Promise<void> {
  const force = setTimeout(() => app.server.closeAllConnections(), grace);
  try {
    await app.close();
  } finally {
    clearTimeout(force);
  }
}
