import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { isScoped as isNarrow } from '../access/caller.ts';
import { notFound, Problem } from '../problem.ts';
import { callbackSchema, idParameter, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

/** Callbacks by hand: one more delivery, or an event that the application is to hear of. */
export function callbackRoutes(app: ControlApp, { options: { callbacks }, storeOf, callerOf }: RouteContext): void {
  if (callbacks === undefined) return;
  app.post('/api/callbacks/:id/resend', {
    schema: {
      tags: ['callbacks'], summary: 'Sends a callback again, now, whatever came of it; 409 while it is being sent, 422 where no webhook of gateway.yaml takes it',
      params: idParameter, response: { 200: callbackSchema },
    },
  }, async (request, reply) => {
    const { id } = request.params;
    // one that was told and not kept is known to nobody but `resend`, which sends nothing of it
    if (isNarrow(callerOf(request)) && await storeOf(request).callback(id) === null) throw notFound(`no callback ${id}; the capture it belongs to lists its callbacks`);
    const resent = await callbacks.resend(id);
    switch (resent.kind) {
      case 'not-found': throw notFound(`no callback ${id}; the capture it belongs to lists its callbacks`);
      case 'busy': throw new Problem(409, 'Not sent again', `the callback ${id} is being sent at this moment`);
      case 'nowhere': throw new Problem(422, 'Not sent', resent.why);
      case 'queued': return reply.send(resent.callback);
    }
  });

  app.post('/api/captures/:id/simulate', {
    schema: {
      tags: ['callbacks'],
      summary: 'Makes something happen to a captured call: delivered, bounced, disputed. 422 for an event or a recipient that does not exist, 409 where it cannot happen; both name the events there are',
      params: idParameter,
      body: Type.Object({
        event: Type.String({ minLength: 1, maxLength: 100, description: "in the vendor's own words; GET /api/providers lists the events of each" }),
        recipient: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'one recipient of the call; all of them when left out' })),
        detail: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description: "the vendor's own code or words: 30003, 550 5.1.1 no such user" })),
      }, strict),
      response: { 200: Type.Object({ capture: Type.String(), event: Type.String(), callbacks: Type.Array(callbackSchema) }, strict) },
    },
  }, async (request, reply) => {
    const { event, recipient = null, detail = null } = request.body;
    const capture = await storeOf(request).capture(request.params.id);
    if (capture === null) throw notFound(`no capture ${request.params.id}`);
    request.alsoKnown = capture.recipients;
    const happened = await callbacks.later({ capture: capture.id, event, recipient, detail });
    switch (happened.kind) {
      case 'not-found': throw notFound(`no capture ${request.params.id}`);
      case 'misnamed': throw new Problem(422, 'Not simulated', happened.why, { events: happened.events });
      case 'impossible': throw new Problem(409, 'Not simulated', happened.why, { events: happened.events });
      case 'happened': return reply.send({ capture: happened.capture, event, callbacks: happened.callbacks });
    }
  });
}
