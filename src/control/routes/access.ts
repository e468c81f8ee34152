import { Type } from 'typebox';
import type { Caller } from '../access/caller.ts';
import type { ControlApp } from '../app.ts';
import { nullable, oneOf, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const text = Type.String();
const me = Type.Object({
  name: nullable(Type.String({ description: 'null = nobody was asked who they are' })),
  role: oneOf('reader', 'unmasker', 'releaser', 'admin', 'ci'),
  masked: Type.Boolean({ description: 'real recipients are hidden' }),
  spaces: Type.Array(text, { description: 'empty = all' }),
  services: Type.Array(text, { description: 'empty = all' }),
}, strict);

/** Who is asking, signing in and out, and what was noted of everybody. */
export function accessRoutes(app: ControlApp, { access, callerOf, storeOf }: RouteContext): void {
  app.get('/api/me', {
    schema: { tags: ['access'], summary: 'Who you are here, and what you are shown', response: { 200: me } },
  }, async (request, reply) => reply.send(shown(callerOf(request))));

  app.post('/api/session', {
    bodyLimit: 10_000,
    schema: {
      tags: ['access'], summary: 'Signs a browser in by name and password; 401 for wrong ones, 429 after too many. It ends after 12 hours',
      body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }), password: Type.String({ minLength: 1, maxLength: 1_000 }) }, strict),
      response: { 200: me },
    },
  }, async (request, reply) => reply.send(shown(await access.signIn(request, reply, request.body))));

  app.delete('/api/session', {
    schema: { tags: ['access'], summary: 'Signs the browser out', response: { 200: Type.Object({ signedOut: Type.Literal(true) }, strict) } },
  }, async (request, reply) => {
    access.signOut(request, reply);
    return reply.send({ signedOut: true });
  });

  app.get('/api/audit', {
    schema: {
      tags: ['access'], summary: 'Who read unmasked, deleted, released and signed in; newest first',
      querystring: Type.Object({
        before: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'seq, exclusive' })),
        action: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'read, delete, release, sign-in, sign-in-failed, erasure-look, erasure' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
      }, strict),
      response: { 200: Type.Object({
        items: Type.Array(Type.Object({ seq: Type.Integer(), at: text, actor: text, action: text, subject: text, data: Type.Record(Type.String(), Type.Unknown()) }, strict)),
        next: nullable(Type.Integer({ description: 'value for `before`' })),
      }, strict) },
    },
  }, async (request, reply) => {
    const { before, action, limit = 50 } = request.query;
    const items = await storeOf(request).audits({ ...before === undefined ? {} : { before }, ...action === undefined ? {} : { action }, limit });
    return reply.send({ items, next: items.length < limit ? null : items.at(-1)!.seq });
  });
}

function shown({ name, role, masked, spaces, services }: Caller): { readonly name: string | null; readonly role: Caller['role']; readonly masked: boolean; readonly spaces: readonly string[]; readonly services: readonly string[] } {
  return { name, role, masked, spaces, services };
}
