import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isRunName } from '../../model/attribution.ts';
import type { Claim, Run } from '../../model/run.ts';
import { claimed } from '../access/guesses.ts';
import { checkClaims, checkConditions } from '../access/lookups.ts';
import { checkWhollyTheirs } from '../access/view.ts';
import type { ControlApp } from '../app.ts';
import { connection } from '../connection.ts';
import type { Connection } from '../connection.ts';
import { judge } from '../judge.ts';
import { badInput, notFound, Problem } from '../problem.ts';
import { claimSchema, connectionSchema, nameParameter, runSchema, strict, summarySchema, verdictSchema } from '../schemas.ts';
import type { ClaimBody } from '../schemas.ts';
import { summaryOf } from '../summary.ts';
import { controlUrl, ingressName } from '../urls.ts';
import { expectationParameters, expectationsOf } from './assert.ts';
import type { ControlOptions } from '../dependencies.ts';
import type { RouteContext } from './context.ts';

type Existing = (request: FastifyRequest, name: string) => Promise<Run>;

const label = '^[a-z0-9][a-z0-9._-]{0,62}$';
const connected = Type.Object({ ...runSchema.properties, ...connectionSchema.properties }, strict);

/** A run: the stretch of the log that belongs to one test, and how its calls are told from others'. */
export function runRoutes(app: ControlApp, { options, storeOf, callerOf, asksAbout, everything, lifetime }: RouteContext): void {
  const { now, policy } = options;
  const connectionOf = (request: FastifyRequest, run: Run, service: string): Connection => {
    const { host } = request.headers;
    const settings = connection({
      host: ingressName(options, host), ports: options.listeners(), controlUrl: controlUrl(options, host),
      space: run.space, service, run: run.name, caFiles: options.caFiles,
    });
    request.asIs = settings;
    return settings;
  };
  const existing: Existing = async (request, name) => {
    const run = await storeOf(request).run(name);
    if (run === null) throw notFound(`no run ${JSON.stringify(name)}`);
    return run;
  };

  app.post('/api/runs', {
    schema: {
      tags: ['runs'], summary: 'Open a run; the answer says how to point a service at it',
      body: Type.Object({
        name: Type.String({ minLength: 1, maxLength: 100 }),
        space: Type.Optional(Type.Union([Type.String({ pattern: label }), Type.Null()])),
        service: Type.Optional(Type.String({ pattern: label, description: "the service that the answer's settings are for; default 'unattributed'" })),
        claims: Type.Optional(Type.Array(claimSchema, { maxItems: 100 })),
      }, strict),
      response: { 201: connected },
    },
  }, async (request, reply) => {
    const { name, space = null, service = 'unattributed', claims = [] } = request.body;
    if (!isRunName(name)) throw badInput('name', `expected letters, digits, '.', '_' and '-', at most 100, and not 'ambiguous'; found ${JSON.stringify(name)}`);
    const store = storeOf(request);
    const before = await store.run(name);
    if (before !== null && before.closedAt !== null) {
      throw new Problem(409, 'Run is closed', `the run ${name} was closed at ${before.closedAt}; its window is over, so take another name`, { name: 'name' });
    }
    const asked = claims.map(claimOf);
    checkClaims(callerOf(request), asked);
    asksAbout(request, claimed(asked));
    const run = await store.openRun({ name, space, claims: asked, registered: true });
    return reply.code(201).send({ ...run, ...connectionOf(request, run, service) });
  });

  app.get('/api/runs', {
    schema: {
      tags: ['runs'], summary: 'Runs, newest first',
      querystring: Type.Object({
        open: Type.Optional(Type.Boolean()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
      }, strict),
      response: { 200: Type.Object({ items: Type.Array(runSchema) }, strict) },
    },
  }, async (request, reply) => {
    const { open, limit = 50 } = request.query;
    return reply.send({ items: await storeOf(request).runs({ ...open === undefined ? {} : { open }, limit }) });
  });

  app.get('/api/runs/:name', {
    schema: {
      tags: ['runs'], summary: 'One run and its settings', params: nameParameter,
      querystring: Type.Object({ service: Type.Optional(Type.String({ pattern: label })) }, strict), response: { 200: connected },
    },
  }, async (request, reply) => {
    const run = await existing(request, request.params.name);
    return reply.send({ ...run, ...connectionOf(request, run, request.query.service ?? 'unattributed') });
  });

  app.post('/api/runs/:name/close', {
    schema: { tags: ['runs'], summary: "End the run's window; closing twice changes nothing", params: nameParameter, response: { 200: runSchema } },
  }, async (request, reply) => {
    const run = await existing(request, request.params.name);
    const closed = run.closedAt === null ? await storeOf(request).closeRun(run.name) : run;
    if (closed === null) throw notFound(`no run ${JSON.stringify(run.name)}`);
    return reply.send(closed);
  });

  if (options.runFailures !== undefined) failureRoutes(app, { existing, failures: options.runFailures, callerOf, asksAbout, everything });

  app.get('/api/runs/:name/report', {
    schema: {
      tags: ['runs'], summary: 'Verdict, counts and offenders of one run', params: nameParameter,
      querystring: Type.Object(expectationParameters, strict),
      response: { 200: Type.Object({
        run: runSchema,
        verdict: verdictSchema,
        counts: Type.Record(Type.String(), Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }, strict))),
        offenders: Type.Array(summarySchema, { description: 'captures named by a reason, at most 100' }),
        url: Type.String(),
      }, strict) },
    },
  }, async (request, reply) => {
    const run = await existing(request, request.params.name);
    const store = storeOf(request);
    const { signal, done } = lifetime(request);
    try {
      const filter = { run: [run.name] };
      const judged = await judge({ store, everything, caller: callerOf(request), now, signal, filter, settle: (request.query.settle ?? 2) * 1_000, expectations: expectationsOf(request.query.expect) });
      const ids = [...new Set(judged.reasons.flatMap(({ captures }) => captures))].slice(0, 100);
      const offenders = (await Promise.all(ids.map((id) => store.capture(id)))).filter((capture) => capture !== null);
      const facets = ['channel', 'provider', 'service', 'action', 'outcome'] as const;
      return reply.send({
        run,
        verdict: { ...judged, policyCurrent: policy.inForce().state === 'current' },
        counts: Object.fromEntries(await Promise.all(facets.map(async (facet) => [facet, await store.counts(filter, facet)] as const))),
        offenders: offenders.map(summaryOf),
        url: `${controlUrl(options, request.headers.host)}/runs/${encodeURIComponent(run.name)}`,
      });
    } finally {
      done();
    }
  });
}

/** How many problems one answer tells. */
const most = 50;

/** Failure rules that hold for one run, beside those of gateway.yaml. */
function failureRoutes(app: ControlApp, { existing, failures, callerOf, asksAbout, everything }: Pick<RouteContext, 'callerOf' | 'asksAbout' | 'everything'> & {
  readonly existing: Existing; readonly failures: NonNullable<ControlOptions['runFailures']>;
}): void {
  const rules = Type.Object({ failures: Type.Array(Type.Unknown({ description: 'as in gateway.yaml: { id, when, nth | every | rate, then }' }), { maxItems: 200 }) }, strict);

  app.get('/api/runs/:name/failures', {
    schema: { tags: ['runs'], summary: 'The failure rules of one run', params: nameParameter, response: { 200: rules } },
  }, async (request, reply) => reply.send({ failures: [...await failures.written((await existing(request, request.params.name)).name)] }));

  app.put('/api/runs/:name/failures', {
    bodyLimit: 100_000,
    schema: {
      tags: ['runs'], summary: 'Failure rules for one run, in place of those it had; 422 with every problem where one is not right, 409 for a closed run',
      params: nameParameter, body: rules, response: { 200: rules },
    },
  }, async (request, reply) => {
    const run = await existing(request, request.params.name);
    if (run.closedAt !== null) throw new Problem(409, 'Run is closed', `the run ${run.name} was closed at ${run.closedAt}; nothing of it can fail any more`, { name: 'name' });
    await checkWhollyTheirs(everything, callerOf(request), run);
    asksAbout(request, checkConditions(callerOf(request), request.body.failures));
    const problems = await failures.put(run.name, request.body.failures);
    if (problems.length > 0) throw new Problem(422, 'Not kept', problems.slice(0, most).join('; '), { problems: problems.slice(0, most) });
    return reply.send(request.body);
  });
}

/** The body has exactly one field: its schema says so. */
function claimOf(body: ClaimBody): Claim {
  if ('recipient' in body) return { kind: 'recipient', pattern: body.recipient };
  if ('service' in body) return { kind: 'service', service: body.service };
  if ('key' in body) return { kind: 'key', value: body.key };
  return { kind: 'trace', trace: body.trace.toLowerCase() };
}
