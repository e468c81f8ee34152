import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { nullable, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const text = Type.String();

export function providerRoutes(app: ControlApp, { options: { providers } }: RouteContext): void {
  app.get('/api/providers', {
    schema: {
      tags: ['providers'], summary: 'Who is understood, and how well',
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        name: text, channels: Type.Array(text), hosts: Type.Array(text), operations: Type.Array(text),
        events: Type.Optional(Type.Array(text, { description: 'what POST /api/captures/:id/simulate can make happen' })), declines: Type.Optional(Type.Array(text, { description: 'codes a failure rule can decline a payment with' })),
        adopts: Type.Optional(Type.Array(text, { description: 'kinds of objects it makes up for unknown ids, where gateway.yaml says so' })), fidelity: nullable(text),
        verified: nullable(Type.Object({ sdk: text, version: text, date: text }, strict)),
      }, strict)) }, strict) },
    },
  }, async (_request, reply) => reply.send({ items: providers }));
}
