import { Type } from 'typebox';
import { channels } from '../../model/side-effect.ts';
import type { ControlApp } from '../app.ts';
import { PolicyRefused } from '../dependencies.ts';
import { filterParameters } from '../filters.ts';
import { notFound, Problem } from '../problem.ts';
import { nullable, oneOf, pair, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const text = Type.String();
const problems = Type.Array(Type.Object({ line: nullable(Type.Integer()), column: nullable(Type.Integer()), message: text }, strict));
const recipientKinds = ['email', 'phone', 'device', 'topic', 'chat', 'customer', 'audience'] as const;
const draft = Type.String({ maxLength: 200_000, description: 'a policy.yaml' });

const call = Type.Object({
  space: Type.Optional(text),
  service: Type.Optional(text),
  run: Type.Optional(text),
  method: Type.Optional(Type.String({ pattern: '^[A-Z]{1,20}$' })),
  url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 8_192, description: 'absent = mail by SMTP' })),
  headers: Type.Optional(Type.Array(pair, { maxItems: 100 })),
  body: Type.Optional(Type.String({ maxLength: 500_000 })),
  provider: Type.Optional(text),
  channel: Type.Optional(oneOf(...channels)),
  operation: Type.Optional(text),
  liveness: Type.Optional(oneOf('live', 'test', 'unknown')),
  recipients: Type.Optional(Type.Array(Type.Object({
    address: text, kind: Type.Optional(oneOf(...recipientKinds)),
  }, strict), { maxItems: 1_000 })),
  findings: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,64}$' }), { maxItems: 100, description: 'ids of findings its content would have' })),
}, { ...strict, description: 'a raw HTTP call that its provider decodes, or what a call means' });

export function policyRoutes(app: ControlApp, { options, storeOf, filterOf }: RouteContext): void {
  const { policy, explain, replay } = options;

  app.get('/api/policy', {
    schema: {
      tags: ['policy'], summary: 'The policy in force',
      response: { 200: Type.Object({
        sha256: text, text, file: nullable(text), state: oneOf('current', 'stale'), problems, loadedAt: text,
      }, strict) },
    },
  }, async (_request, reply) => reply.send(policy.inForce()));

  app.get('/api/policies/:sha256', {
    schema: {
      tags: ['policy'], summary: 'A policy of the past, as a decision names it',
      params: Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, strict),
      response: { 200: Type.Object({ sha256: text, text }, strict) },
    },
  }, async (request, reply) => {
    const { sha256 } = request.params;
    const kept = await storeOf(request).policy(sha256);
    if (kept === null) throw notFound(`no policy ${sha256} was ever in force here`);
    return reply.send({ sha256, text: kept });
  });

  app.post('/api/policy/check', {
    schema: {
      tags: ['policy'], summary: 'Does a draft load? Nothing is changed', body: Type.Object({ text: draft }, strict),
      response: { 200: Type.Object({ valid: Type.Boolean(), sha256: text, problems }, strict) },
    },
  }, async (request, reply) => {
    const checked = policy.check(request.body.text);
    return reply.send({ valid: checked.problems.length === 0, ...checked });
  });

  app.post('/api/policy/explain', {
    schema: {
      tags: ['policy'], summary: 'What would be decided about a call, and why; nothing is sent or recorded',
      body: Type.Object({ call, policy: Type.Optional(draft) }, strict),
      response: { 200: Type.Object({
        decision: Type.Object({ action: text, rule: text, reason: text }, strict),
        text,
        provider: nullable(text),
        recipients: Type.Array(Type.Object({ address: text, standing: text, why: text })),
      }) },
    },
  }, async (request, reply) => {
    const { call: given, policy: other = null } = request.body;
    try {
      return reply.send(await explain({
        space: given.space ?? null,
        service: given.service ?? 'unattributed',
        run: given.run ?? null,
        method: given.method ?? 'POST',
        url: given.url ?? null,
        headers: given.headers ?? [],
        body: given.body ?? null,
        provider: given.provider ?? null,
        channel: given.channel ?? null,
        operation: given.operation ?? null,
        liveness: given.liveness ?? null,
        recipients: (given.recipients ?? []).map(({ address, kind }) => ({ address, kind: kind ?? null })),
        findings: given.findings ?? [],
      }, other));
    } catch (error) {
      throw refused(error);
    }
  });

  const ruling = { action: text, rule: text };
  app.post('/api/policy/replay', {
    schema: {
      tags: ['policy'], summary: 'Stored captures, decided again under a draft: what would change. Nothing is sent or recorded',
      body: Type.Object({
        policy: draft, filter: Type.Optional(Type.Object(filterParameters, strict)),
        most: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000, description: 'captures looked at, newest first; default 5000' })),
      }, strict),
      response: { 200: Type.Object({
        policy: Type.Object({ sha256: text }, strict), looked: Type.Integer(), more: Type.Boolean(), unchanged: Type.Integer(),
        changed: Type.Array(Type.Object({
          capture: text, at: text, service: text, provider: text, title: text,
          from: Type.Object(ruling, strict), to: Type.Object({ ...ruling, reason: text }, strict),
        }, strict)),
        untold: Type.Array(Type.Object({ capture: text, why: text }, strict), { description: 'captures of which the record does not tell' }),
      }, strict) },
    },
  }, async (request, reply) => {
    const { policy: other, filter = {}, most = 5_000 } = request.body;
    try {
      return await reply.send(await replay(other, filterOf(request, filter), most));
    } catch (error) {
      throw refused(error);
    }
  });
}

function refused(error: unknown): unknown {
  return error instanceof PolicyRefused ? new Problem(400, 'Policy does not load', error.message, { name: 'policy', problems: error.problems }) : error;
}
