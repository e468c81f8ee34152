/** What Fastify alone can do with the same call on this machine. Prints its port. */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';

const app = Fastify();
app.post('/v3/mail/send', (_request, reply) => reply.code(202).header('x-message-id', 'ceiling').send());
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
