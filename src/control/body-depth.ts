import type { FastifyInstance } from 'fastify';
import { defaultLimits } from '../model/limits.ts';
import { badInput } from './problem.ts';

/** Every body that is sent here is walked by somebody, level by level: one of thousands of levels would exhaust the stack. */
export function boundBodyDepth(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body }) => {
    if (isDeeper(body, defaultLimits.jsonDepth)) throw badInput('body', `is nested deeper than ${defaultLimits.jsonDepth}`);
  });
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}
