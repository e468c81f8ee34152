import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { sees } from '../access/caller.ts';
import type { ControlApp } from '../app.ts';
import { filterParameters } from '../filters.ts';
import type { FilterQuery } from '../filters.ts';
import { badInput } from '../problem.ts';
import { quietSchema, strict, waitSchema } from '../schemas.ts';
import { waitForCaptures, waitForQuiet } from '../wait.ts';
import type { RouteContext } from './context.ts';

/** Seconds. Longer waits are cut to this, so that no proxy in between breaks them off. */
export const longestWait = 300;
const after = Type.Optional(Type.String({ pattern: '^(now|\\d{1,15})$', description: "seq, exclusive, or 'now'" }));

export function waitingRoutes(app: ControlApp, { options, storeOf, callerOf, filterOf, lifetime }: RouteContext): void {
  const { now } = options;
  const { after: _after, ...parameters } = filterParameters;

  const filterFrom = async (request: FastifyRequest, query: FilterQuery, from: string | undefined, fallback: 'now' | '0') => {
    const start = from ?? fallback;
    return { ...filterOf(request, query), after: start === 'now' ? await storeOf(request).lastSeq() : Number(start) };
  };

  app.get('/api/captures/wait', {
    schema: {
      tags: ['captures'], summary: 'Waits on the server until captures match; always 200. Calls of applications only, unless a direction is asked for',
      querystring: Type.Object({
        ...parameters, after,
        count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
        timeout: Type.Optional(Type.Number({ minimum: 0, default: 30, description: `seconds, at most ${longestWait}` })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
      }, strict),
      response: { 200: waitSchema },
    },
  }, async (request, reply) => {
    const { after: from, count = 1, timeout = 30, limit = 50, ...query } = request.query;
    const { signal, done } = lifetime(request);
    try {
      const waited = await waitForCaptures({
        store: storeOf(request), now, signal, filter: await filterFrom(request, query, from, '0'),
        deadline: now() + Math.min(timeout, longestWait) * 1_000,
        count, limit,
      });
      return await reply.send({ ...waited, nearest: waited.nearest.filter(({ capture }) => sees(callerOf(request), capture)) });
    } finally {
      done();
    }
  });

  app.get('/api/captures/quiet', {
    schema: {
      tags: ['captures'], summary: 'Waits until nothing has matched for so long; answers at once when something does. Calls of applications only, unless a direction is asked for',
      querystring: Type.Object({ ...parameters, after, for: Type.Number({ minimum: 0, description: `seconds, at most ${longestWait}` }) }, strict),
      response: { 200: quietSchema },
    },
  }, async (request, reply) => {
    const { after: from, for: quiet, ...query } = request.query;
    // Cut short it would promise a silence nobody listened to.
    if (quiet > longestWait) throw badInput('for', `at most ${longestWait} seconds, found ${quiet}`);
    const { signal, done } = lifetime(request);
    try {
      return reply.send(await waitForQuiet({ store: storeOf(request), now, signal, filter: await filterFrom(request, query, from, 'now'), deadline: now() + quiet * 1_000 }));
    } finally {
      done();
    }
  });
}
