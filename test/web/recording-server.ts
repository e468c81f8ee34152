import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for every host a mail might reach: it keeps count of connections and remembers what was asked. */
export interface RecordingServer {
  readonly port: number;
  readonly requests: readonly string[];
  connections(): number;
  close(): Promise<void>;
}

export async function recordingServer(): Promise<RecordingServer> {
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.end('reached');
  });
  server.on('connection', () => { connections += 1; });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    connections: () => connections,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => { resolve(); }); }),
  };
}
