import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { notFound, Problem } from '../problem.ts';
import { idParameter, oneOf, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

/** A captured mail to colleagues, by hand. Opened only where there is something to release with. */
export function releaseRoutes(app: ControlApp, { options: { release }, storeOf, note }: RouteContext): void {
  if (release === undefined) return;
  app.post('/api/captures/:id/release', {
    schema: {
      tags: ['captures'],
      summary: 'Sends a captured mail to safe addresses by a relay. It becomes a capture of its own, whose parent is this one',
      params: idParameter,
      body: Type.Object({
        to: Type.Array(Type.String({ minLength: 1, maxLength: 320 }), { minItems: 1, maxItems: 50, description: 'addresses that the policy lists as safe' }),
        via: Type.Optional(Type.String({ minLength: 1, maxLength: 63, description: 'a relay of gateway.yaml; may be left out where there is one only' })),
        body: Type.Optional(oneOf('mask')),
      }, strict),
      response: { 200: Type.Object({ capture: Type.String(), outcome: oneOf('relayed', 'failed', 'unknown') }, strict) },
    },
  }, async (request, reply) => {
    const { to, via = null, body } = request.body;
    const capture = await storeOf(request).capture(request.params.id);
    if (capture === null) throw notFound(`no capture ${request.params.id}`);
    request.alsoKnown = capture.recipients;
    await note(request, 'release', capture.id, { to, via });
    const released = await release({ capture: capture.id, to, via, mask: body === 'mask' });
    switch (released.kind) {
      case 'not-found': throw notFound(`no capture ${request.params.id}`);
      case 'refused': throw new Problem(422, 'Not released', released.why, { refused: released.addresses });
      case 'released': return reply.send({ capture: released.capture, outcome: released.outcome });
    }
  });
}
