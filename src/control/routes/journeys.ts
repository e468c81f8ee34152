import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import type { CaptureFilter } from '../../model/store.ts';
import { strict, summarySchema } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const answer = Type.Object({ items: Type.Array(summarySchema, { description: 'oldest first, the newest 500' }), total: Type.Integer(), totalExact: Type.Boolean({ description: 'false: at least `total`' }) }, strict);

/** All channels side by side: everything of one order, or of one customer. */
export function journeyRoutes(app: ControlApp, { storeOf }: RouteContext): void {
  const together = async (request: FastifyRequest, filter: CaptureFilter) => {
    const { items, total, totalExact } = await storeOf(request).list(filter, 500);
    return { items: items.toReversed(), total, totalExact };
  };

  app.get('/api/journeys/:key', {
    schema: {
      tags: ['journeys'], summary: "Everything that carries a business key: 'value' or 'name:value'",
      params: Type.Object({ key: Type.String({ minLength: 1, maxLength: 500 }) }, strict), response: { 200: answer },
    },
  }, async (request, reply) => reply.send(await together(request, { key: [request.params.key] })));

  app.get('/api/persons/:id', {
    schema: {
      tags: ['journeys'], summary: 'Everything about one person: mail, numbers and payment customer joined',
      params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }, strict), response: { 200: answer },
    },
  }, async (request, reply) => reply.send(await together(request, { person: [request.params.id] })));
}
