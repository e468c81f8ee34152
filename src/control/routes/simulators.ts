import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { seedObject } from '../../model/seed.ts';
import { notFound, Problem } from '../problem.ts';
import { strict } from '../schemas.ts';
import type { ProviderInfo } from '../dependencies.ts';
import type { RouteContext } from './context.ts';

const text = Type.String();
const label = Type.String({ minLength: 1, maxLength: 255 });
const scope = Type.Object({ provider: text, account: text, run: text }, strict);

/** The objects the simulated vendors remember: a test may put there what the application expects to find. */
export function simulatorRoutes(app: ControlApp, { options: { providers }, storeOf }: RouteContext): void {
  const params = Type.Object({ provider: label }, strict);
  const known = (name: string): ProviderInfo => {
    const found = providers.find((provider) => provider.name === name);
    if (found !== undefined) return found;
    throw notFound(`no provider ${JSON.stringify(name)}; known are ${providers.map((provider) => provider.name).join(', ')}`);
  };

  app.get('/api/simulators/:provider/objects', {
    schema: {
      tags: ['simulators'], summary: 'Remembered objects of every account and run', params,
      querystring: Type.Object({
        kind: Type.Optional(label), id: Type.Optional(label), run: Type.Optional(text),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1_000 })),
      }, strict),
      response: { 200: Type.Object({ items: Type.Array(Type.Object({ scope, kind: text, id: text, version: Type.Integer(), value: Type.Unknown() })) }, strict) },
    },
  }, async (request, reply) => {
    const { kind, id, run, limit = 1_000 } = request.query;
    const items = await storeOf(request).allObjects(known(request.params.provider).name, limit);
    return reply.send({ items: items.filter((item) =>
      (kind === undefined || item.kind === kind) && (id === undefined || item.id === id) && (run === undefined || item.scope.run === run)) });
  });

  app.put('/api/simulators/:provider/objects', {
    schema: {
      tags: ['simulators'], summary: 'Seed or replace objects, all of them or none; 422 where the vendor could not have such an object', params,
      body: Type.Object({
        objects: Type.Array(Type.Object({
          kind: label, id: label, value: Type.Unknown(),
          account: Type.Optional(Type.String({ maxLength: 64, description: "fingerprint as in `scope`; default '' = every account" })),
          run: Type.Optional(Type.String({ maxLength: 100, description: "default '' = every run" })),
        }, strict), { minItems: 1, maxItems: 1_000 }),
      }, strict),
      response: { 200: Type.Object({ stored: Type.Integer() }, strict) },
    },
  }, async (request, reply) => {
    const provider = known(request.params.provider);
    const { objects } = request.body;
    await storeOf(request).putObjects(objects.map(({ kind, id, value, account = '', run = '' }) => {
      try {
        return seedObject(provider, { kind, id, value, account, run });
      } catch (error) {
        throw new Problem(422, 'Not stored', `${provider.name} ${kind} ${id}: ${error instanceof Error ? error.message : String(error)}`, { name: 'objects' });
      }
    }));
    return reply.send({ stored: objects.length });
  });

  app.delete('/api/simulators/:provider/objects', {
    schema: { tags: ['simulators'], summary: 'Forget everything', params, response: { 200: Type.Object({ deleted: Type.Integer() }, strict) } },
  }, async (request, reply) => reply.send({ deleted: await storeOf(request).removeObjects(known(request.params.provider).name) }));
}
