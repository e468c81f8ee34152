import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { writeFeed } from '../feed.ts';
import { badInput, Problem } from '../problem.ts';
import { strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const mostReaders = 200;

export function eventRoutes(app: ControlApp, { options, storeOf, callerOf, note, lifetime }: RouteContext): void {
  const { now } = options;
  let readers = 0;

  app.get('/api/events', {
    schema: {
      tags: ['events'], summary: 'The event log as server-sent events; Last-Event-ID or `after` resumes without a gap, else it begins now; an event `gap` comes first where some of it is no longer kept',
      querystring: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'seq of the last event seen' })) }, strict),
      response: { 200: Type.String({ description: 'text/event-stream: id = seq, event = kind, data = the event as JSON' }) },
    },
  }, async (request, reply) => {
    const seen = request.headers['last-event-id'];
    if (seen !== undefined && !/^\d{1,15}$/.test(String(seen))) throw badInput('Last-Event-ID', `expected the seq of an event, found ${JSON.stringify(seen)}`);
    if (readers >= mostReaders) throw new Problem(503, 'Too many readers', `${mostReaders} live feeds are open already`);
    const store = storeOf(request);
    if (callerOf(request).noted) await note(request, 'read', 'GET /api/events', {});
    const last = await store.lastSeq();
    const asked = seen !== undefined ? Number(seen) : request.query.after ?? last;
    const { signal, done } = lifetime(request);
    readers += 1;
    reply.hijack();
    try {
      reply.raw.writeHead(200, { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } as Record<string, string>);
      await writeFeed({
        store, now, signal, response: reply.raw, shape: request.mask ?? ((event) => event),
        // A reader from the future knew another store: it is shown this one from the start.
        after: asked > last ? 0 : asked,
        stall: options.feedStall ?? 15_000, heartbeat: 15_000,
      });
    } finally {
      readers -= 1;
      done();
    }
  });
}
