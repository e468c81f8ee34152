import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { notFound } from '../problem.ts';
import { nullable, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const service = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' });

/** The mailshot breakers: who is tripped, and back to normal. */
export function breakerRoutes(app: ControlApp, { storeOf }: RouteContext): void {
  app.get('/api/breakers', {
    schema: {
      tags: ['operations'], summary: 'Services whose mailshot breaker is tripped (first), and those that named somebody real lately',
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        space: nullable(Type.String()), service: Type.String(),
        tripped: nullable(Type.String({ description: 'RFC 3339 UTC, ms: since when; null = not tripped' })),
        recipients: Type.Integer({ description: 'different real recipients noted; those older than the window leave with the next call' }),
        lastSeen: nullable(Type.String({ description: 'when the newest of them was named' })),
      }, strict)) }, strict) },
    },
  }, async (request, reply) => {
    const items = (await storeOf(request).breakers(null)).map(({ space, service: name, tripped, seen }) => {
      const last = seen.at(-1);
      return { space, service: name, tripped, recipients: seen.length, lastSeen: last === undefined ? null : new Date(last.at).toISOString() };
    });
    return reply.send({ items });
  });

  app.post('/api/breakers/:service/reset', {
    schema: {
      tags: ['operations'], summary: 'Lets a service forward again, and counts its recipients from none',
      params: Type.Object({ service }, strict),
      querystring: Type.Object({ space: Type.Optional(service) }, strict),
      response: { 200: Type.Object({ reset: Type.Literal(true) }, strict) },
    },
  }, async (request, reply) => {
    const { space = null } = request.query;
    if (!await storeOf(request).resetBreaker({ space, service: request.params.service })) {
      throw notFound(`the breaker of ${space === null ? '' : `${space}/`}${request.params.service} is not tripped; GET /api/breakers lists those that are (a service in a space needs ?space=)`);
    }
    return reply.send({ reset: true });
  });
}
