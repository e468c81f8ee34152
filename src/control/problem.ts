import type { FastifyReply, FastifyRequest } from 'fastify';
import { StoreUnavailable, Unanswerable } from '../model/store.ts';

/** An error as RFC 9457 tells it. Thrown by handlers, answered by the error handler. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(status: number, title: string, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.extra = extra;
  }
}

export function notFound(what: string): Problem {
  return new Problem(404, 'Not found', what);
}

/** A filter, parameter or field that is not known or has a value we do not know: `name` tells which. */
export function badInput(name: string, detail: string): Problem {
  return new Problem(400, 'Bad request', `${name}: ${detail}`, { name });
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const told = { type: 'about:blank', title: problem.title, status: problem.status, detail: problem.message, ...problem.extra };
  const body = reply.request.mask?.(told, reply.request.alsoKnown) ?? told;
  // As bytes: to a text Fastify would add a charset, which this media type does not have.
  return reply.code(problem.status).header('content-type', 'application/problem+json').send(Buffer.from(JSON.stringify(body)));
}

/** Our own faults are told to the log, not to the caller. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return sendProblem(reply, error);
  if (error instanceof StoreUnavailable) {
    void reply.header('retry-after', '1');
    return sendProblem(reply, new Problem(503, 'Store unavailable', error.message));
  }
  if (error instanceof Unanswerable) return sendProblem(reply, new Problem(400, 'Bad request', error.message));
  const status = statusOf(error);
  if (status !== null) return sendProblem(reply, new Problem(status, 'Bad request', error instanceof Error ? error.message : 'the request cannot be read'));
  request.log.error({ err: error }, 'control failed');
  return sendProblem(reply, new Problem(500, 'Internal error', 'the request could not be served; the log says why'));
}

/** Fastify's own refusals (body too large, broken JSON, media type) carry a 4xx. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : null;
}
