import { Type } from 'typebox';
import { isRunName } from '../../model/attribution.ts';
import type { ControlApp } from '../app.ts';
import { connection } from '../connection.ts';
import { badInput } from '../problem.ts';
import { connectionSchema, strict } from '../schemas.ts';
import { controlUrl, ingressName } from '../urls.ts';
import type { RouteContext } from './context.ts';

const label = Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' }));

/** The settings of a service, with or without a run: for `fourthwall env` and the page's Connect screen. */
export function connectionRoutes(app: ControlApp, { options }: RouteContext): void {
  app.get('/api/connection', {
    schema: {
      tags: ['runs'], summary: 'How to point a service at the gateway',
      querystring: Type.Object({ service: label, space: label, run: Type.Optional(Type.String({ maxLength: 100 })) }, strict),
      response: { 200: connectionSchema },
    },
  }, async (request, reply) => {
    const { service = 'unattributed', space = null, run = null } = request.query;
    if (run !== null && !isRunName(run)) throw badInput('run', `${JSON.stringify(run)} cannot be the name of a run`);
    const { host } = request.headers;
    const settings = connection({
      host: ingressName(options, host), ports: options.listeners(), controlUrl: controlUrl(options, host), space, service, run, caFiles: options.caFiles,
    });
    request.asIs = settings;
    return reply.send(settings);
  });
}
