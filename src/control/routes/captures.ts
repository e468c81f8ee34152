import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Capture } from '../../model/capture.ts';
import { countedBy as facets } from '../../model/store.ts';
import { withoutBodies } from '../access/for-ci.ts';
import type { StoreView } from '../access/view.ts';
import type { ControlApp } from '../app.ts';
import { filterParameters } from '../filters.ts';
import { notFound } from '../problem.ts';
import { captureSchema, idParameter, pageSchema, strict, summarySchema } from '../schemas.ts';
import { summaryOf } from '../summary.ts';
import type { RouteContext } from './context.ts';

const limit = Type.Integer({ minimum: 1, maximum: 500, default: 50 });

/** List, one, counts, change, delete. */
export function captureRoutes(app: ControlApp, { storeOf, callerOf, filterOf, note }: RouteContext): void {
  app.get('/api/captures', {
    schema: {
      tags: ['captures'], summary: 'Captures, newest first',
      querystring: Type.Object({ ...filterParameters, limit: Type.Optional(limit) }, strict),
      response: { 200: pageSchema },
    },
  }, async (request, reply) => reply.send(await storeOf(request).list(filterOf(request, request.query), request.query.limit ?? 50)));

  app.get('/api/counts', {
    schema: {
      tags: ['captures'], summary: 'How many captures match, by the values of some fields',
      querystring: Type.Object({
        ...filterParameters,
        by: Type.Array(Type.String({ pattern: `^(${facets.join('|')})(,(${facets.join('|')}))*$` }), { minItems: 1, maxItems: 8, description: facets.join(', ') }),
      }, strict),
      response: { 200: Type.Object({
        counts: Type.Record(Type.String(), Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }, strict))),
        counted: Type.Union([Type.Integer(), Type.Null()], { description: 'null: all that match were counted; else only the newest so many' }),
      }, strict) },
    },
  }, async (request, reply) => {
    const filter = filterOf(request, request.query);
    const asked = request.query.by.flatMap((value) => value.split(','));
    const wanted = facets.filter((facet) => asked.includes(facet));
    return reply.send(await storeOf(request).facetCounts(filter, wanted));
  });

  app.get('/api/captures/:id', {
    schema: { tags: ['captures'], summary: "The whole capture; 'latest' works", params: idParameter, response: { 200: captureSchema } },
  }, async (request, reply) => {
    const capture = await storeOf(request).capture(request.params.id);
    if (capture === null) throw notFound(`no capture ${request.params.id}`);
    const caller = callerOf(request);
    const shown = caller.role === 'ci' ? withoutBodies(capture) : capture;
    return reply.send(caller.masked ? await knowing(request, shown, storeOf(request)) : shown);
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
    const store = storeOf(request);
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
  }, async (request, reply) => {
    const filter = filterOf(request, request.query);
    await note(request, 'delete', 'captures', { filter });
    return reply.send({ deleted: await storeOf(request).remove(filter) });
  });

  app.delete('/api/captures/:id', {
    schema: { tags: ['captures'], summary: 'Delete one; refused while its run is open', params: idParameter, response: { 200: deleted } },
  }, async (request, reply) => {
    const store = storeOf(request);
    const capture = await store.capture(request.params.id);
    if (capture === null) throw notFound(`no capture ${request.params.id}`);
    await note(request, 'delete', capture.id, {});
    return reply.send({ deleted: await store.remove({ ids: [capture.id] }) });
  });
}

/** A callback names whom its call named, in a form of the vendor's: masked, it is read knowing them. */
async function knowing(request: FastifyRequest, capture: Capture, store: StoreView): Promise<Capture> {
  if (capture.direction !== 'callback') return capture;
  const parent = capture.parent === null ? null : await store.capture(capture.parent);
  // without its call nobody can tell whom it names: what it says is not shown
  if (parent === null) return withoutBodies(capture);
  request.alsoKnown = parent.recipients;
  return capture;
}
