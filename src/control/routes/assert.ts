import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { defaultExpectations, readExpectations } from '../expectations.ts';
import type { Expectation } from '../expectations.ts';
import { filterParameters } from '../filters.ts';
import { judge } from '../judge.ts';
import { badInput } from '../problem.ts';
import { strict, verdictSchema } from '../schemas.ts';
import type { RouteContext } from './context.ts';

export const expectationParameters = {
  expect: Type.Optional(Type.Array(Type.String({ maxLength: 2_000 }), {
    description: `comma list of no-forwarded, no-real-sends, no-real-recipients, no-live-credentials, no-unrecognized, no-findings, min-captures=N, max-captures=N, seen=service; default ${defaultExpectations}`,
  })),
  settle: Type.Optional(Type.Number({ minimum: 0, maximum: 60, default: 2, description: 'seconds to wait for what is still open' })),
};

export function expectationsOf(given: readonly string[] | undefined): readonly Expectation[] {
  const read = readExpectations(given?.join(',') ?? defaultExpectations);
  if ('problem' in read) throw badInput('expect', read.problem);
  return read.expectations;
}

export function assertRoutes(app: ControlApp, { options, storeOf, callerOf, everything, filterOf, lifetime }: RouteContext): void {
  const { now, policy } = options;
  app.get('/api/assert', {
    schema: {
      tags: ['verdicts'], summary: 'Pass, fail or inconclusive; always 200',
      querystring: Type.Object({ ...filterParameters, ...expectationParameters }, strict),
      response: { 200: verdictSchema },
    },
  }, async (request, reply) => {
    const { expect, settle = 2, ...query } = request.query;
    const { signal, done } = lifetime(request);
    try {
      const judged = await judge({ store: storeOf(request), everything, caller: callerOf(request), now, signal, settle: settle * 1_000, filter: filterOf(request, query), expectations: expectationsOf(expect) });
      return reply.send({ ...judged, policyCurrent: policy.inForce().state === 'current' });
    } finally {
      done();
    }
  });
}
