/** Stands for everything outside: takes TCP on the given ports and UDP on 53, prints a line for each that comes. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const [address = '', ...ports] = process.argv.slice(2);
for (const port of ports) {
  const server = createServer((socket) => {
    process.stdout.write(`tcp ${port} from ${socket.remoteAddress}\n`);
    socket.on('error', () => undefined).end();
  }).listen(Number(port), address);
  await once(server, 'listening');
}
const udp = createSocket('udp4').on('message', (_bytes, { address: from }) => process.stdout.write(`udp 53 from ${from}\n`));
udp.bind(53, address);
await once(udp, 'listening');
process.stdout.write('ready\n');
