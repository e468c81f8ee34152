import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { filterParameters } from '../filters.ts';
import { notFound } from '../problem.ts';
import { captureSchema, idParameter, pageSchema, strict, summarySchema } from '../schemas.ts';
import { summaryOf } from '../summary.ts';
import type { RouteContext } from './context.ts';

const limit = Type.Integer({ minimum: 1, maximum: 500, default: 50 });
const facets = ['channel', 'provider', 'service', 'run', 'action', 'outcome', 'standing', 'finding'] as const;

/** List, one, counts, change, delete. */
export function captureRoutes(app: ControlApp, { options: { store }, filterOf }: RouteContext): void {
  app.get('/api/captures', {
    schema: {
      tags: ['captures'], summary: 'Captures, newest first',
      querystring: Type.Object({ ...filterParameters, limit: Type.Optional(limit) }, strict),
      response: { 200: pageSchema },
    },
  }, async (request, reply) => reply.send(await store.list(filterOf(request.query), request.query.limit ?? 50)));

  app.get('/api/counts', {
    schema: {
      tags: ['captures'], summary: 'How many captures match, by the values of some fields',
      querystring: Type.Object({
        ...filterParameters,
        by: Type.Array(Type.String({ pattern: `^(${facets.join('|')})(,(${facets.join('|')}))*$` }), { minItems: 1, maxItems: 8, description: facets.join(', ') }),
      }, strict),
      response: { 200: Type.Object({ counts: Type.Record(Type.String(), Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }, strict))) }, strict) },
    },
  }, async (request, reply) => {
    const filter = filterOf(request.query);
    const asked = request.query.by.flatMap((value) => value.split(','));
    const wanted = facets.filter((facet) => asked.includes(facet));
    return reply.send({ counts: Object.fromEntries(await Promise.all(wanted.map(async (facet) => [facet, await store.counts(filter, facet)] as const))) });
  });

  app.get('/api/captures/:id', {
    schema: { tags: ['captures'], summary: "The whole capture; 'latest' works", params: idParameter, response: { 200: captureSchema } },
  }, async (request, reply) => {
    const capture = await store.capture(request.params.id);
    if (capture === null) throw notFound(`no capture ${request.params.id}`);
    return reply.send(capture);
  });

  app.patch('/api/captures/:id', {
    schema: {
      tags: ['captures'], summary: 'Tags, note, pinned, seen', params: idParameter,
      body: Type.Object({
        tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { maxItems: 100 })),
        note: Type.Optional(Type.Union([Type.String({ maxLength: 10_000 }), Type.Null()])),
        pinned: Type.Optional(Type.Boolean()),
        seen: Type.Optional(Type.Boolean()),
      }, { ...strict, minProperties: 1 }),
      response: { 200: summarySchema },
    },
  }, async (request, reply) => {
    // The id is looked up first: 'latest' must mean one capture for the change and for the answer.
    const capture = await store.capture(request.params.id);
    if (capture === null || !await store.patch(capture.id, request.body)) throw notFound(`no capture ${request.params.id}`);
    const changed = await store.capture(capture.id);
    if (changed === null) throw notFound(`no capture ${capture.id}`);
    return reply.send(summaryOf(changed));
  });

  const deleted = Type.Object({ deleted: Type.Integer() }, strict);
  app.delete('/api/captures', {
    schema: {
      tags: ['captures'], summary: "Delete by the same filters; never a capture of an open run. Without a filter: everything that may go",
      querystring: Type.Object(filterParameters, strict), response: { 200: deleted },
    },
  }, async (request, reply) => reply.send({ deleted: await store.remove(filterOf(request.query)) }));

  app.delete('/api/captures/:id', {
    schema: { tags: ['captures'], summary: 'Delete one; refused while its run is open', params: idParameter, response: { 200: deleted } },
  }, async (request, reply) => {
    const capture = await store.capture(request.params.id);
    if (capture === null) throw notFound(`no capture ${request.params.id}`);
    return reply.send({ deleted: await store.remove({ ids: [capture.id] }) });
  });
}
