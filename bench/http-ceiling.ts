/** What Fastify alone can do with the same call on this machine. Prints its port. */
import Fastify from 'fastify';

const app = Fastify();
app.post('/v3/mail/send', (_request, reply) => reply.code(202).header('x-message-id', 'ceiling').send());
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${app.addresses()[0]!.port}\n`);
