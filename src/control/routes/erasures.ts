import { Type } from 'typebox';
import { RunsOpen, whatIsWrongWith } from '../../model/erasure.ts';
import type { ControlApp } from '../app.ts';
import { proofSchema, sightingSchema, subjectSchema } from '../erasure-schemas.ts';
import { badInput, notFound, Problem } from '../problem.ts';
import { idParameter, nullable, oneOf, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

/** Erasure by subject. Not a word of whom it is about goes into the log, an event or a proof. */
export function erasureRoutes(app: ControlApp, { storeOf, callerOf, asksAbout, note }: RouteContext): void {
  let looking = false;

  app.post('/api/erasures', {
    bodyLimit: 64 * 1024,
    schema: {
      tags: ['erasures'], summary: 'Look for everything about somebody (preview, verify) or erase it (201, with the proof). 409 while open runs have something of it, or another look is under way',
      body: Type.Object({
        subjects: Type.Array(subjectSchema, { minItems: 1, maxItems: 50 }),
        mode: oneOf('preview', 'erase', 'verify'),
        linked: Type.Optional(Type.Boolean({ description: 'also what is known of the same person only by other identities; default false' })),
      }, strict),
      response: { 200: sightingSchema, 201: proofSchema },
    },
  }, async (request, reply) => {
    const { subjects, mode, linked = false } = request.body;
    for (const [at, subject] of subjects.entries()) {
      const wrong = whatIsWrongWith(subject);
      if (wrong !== null) throw badInput(`subjects/${at}`, wrong);
    }
    asksAbout(request, subjects.map(({ value }) => value));
    // Each reads the whole store.
    if (looking) throw new Problem(409, 'Another look is under way', 'one look through the store at a time; try again when it is over');
    looking = true;
    try {
      const store = storeOf(request);
      if (mode === 'erase') return await reply.code(201).send(await store.erase({ subjects, linked, actor: callerOf(request).actor }));
      const sighting = await store.sight({ subjects, linked });
      // Whether somebody stands in the store is told to nobody without a trace: asked for one value after another, it would tell addresses that are hidden from the asker.
      await note(request, 'erasure-look', mode, { subjects: sighting.subjects, found: sighting.found, near: sighting.near.count });
      return await reply.send(sighting);
    } catch (error) {
      if (error instanceof RunsOpen) throw new Problem(409, 'Runs are open', error.message, { runs: error.runs });
      throw error;
    } finally {
      looking = false;
    }
  });

  app.get('/api/erasures', {
    schema: {
      tags: ['erasures'], summary: 'Proofs of erasures, newest first, and whether their chain is whole',
      response: { 200: Type.Object({ items: Type.Array(proofSchema), broken: nullable(Type.String({ description: 'the first proof that was changed or does not follow the one before it' })) }, strict) },
    },
  }, async (request, reply) => reply.send(await storeOf(request).erasures()));

  app.get('/api/erasures/:id', {
    schema: { tags: ['erasures'], summary: 'One proof', params: idParameter, response: { 200: proofSchema } },
  }, async (request, reply) => {
    const found = (await storeOf(request).erasures()).items.find(({ id }) => id === request.params.id);
    if (found === undefined) throw notFound(`no erasure ${request.params.id}`);
    return reply.send(found);
  });
}
