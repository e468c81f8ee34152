import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Safe } from '../../policy/safe.ts';
import { maskValue } from '../masking/mask-value.ts';
import { shownBy, type Shown } from '../masking/shown-address.ts';
import { Problem } from '../problem.ts';
import type { Note } from './note.ts';

/** How many captures one note names. */
const mostNamed = 100;

/**
 * The last look at every answer. For a masked caller JSON and text are masked, whatever route they come from, and bytes are refused. Of an
 * unmasked one, where others are masked, it is noted what they read of real people: before it is sent.
 */
export function answersFor(app: FastifyInstance, { note, safe }: { readonly note: Note; readonly safe: () => Safe }): void {
  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (request.mask !== undefined) {
      const masked = request.mask(payload, request.alsoKnown);
      return request.asIs === undefined ? masked : { ...masked as object, ...request.asIs };
    }
    const { caller } = request;
    if (caller?.noted === true && tellsOfPeople(payload, shownBy(safe()))) {
      const captures = idsIn(payload);
      await note({ actor: caller.actor, action: 'read', subject: subjectOf(request), data: { captures: captures.slice(0, mostNamed), count: captures.length } });
    }
    return payload;
  });

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (request.mask === undefined || request.routeOptions.config.page === true) return payload;
    if (payload === null || payload === undefined || payload === '' || /json/.test(String(reply.getHeader('content-type')))) return payload;
    if (typeof payload === 'string') return request.mask(payload) as string;
    throw new Problem(403, 'Not allowed', 'bytes cannot be masked; they take role unmasker');
  });
}

export function subjectOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url}`;
}

/** Would any of it be masked for others? */
function tellsOfPeople(payload: unknown, shown: Shown): boolean {
  return JSON.stringify(maskValue(payload, shown)) !== JSON.stringify(payload);
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('id' in value && 'recipients' in value && typeof value.id === 'string') return [value.id];
  return [...new Set(Object.values(value).flatMap(idsIn))];
}
