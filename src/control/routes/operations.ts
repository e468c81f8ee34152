import { rootCertificates } from 'node:tls';
import { Type } from 'typebox';
import type { ControlApp } from '../app.ts';
import { metricsText } from '../metrics.ts';
import { nullable, oneOf, strict } from '../schemas.ts';
import type { RouteContext } from './context.ts';

const port = nullable(Type.Integer());

/** Certificates, probes and metrics: what machines ask. */
export function operationRoutes(app: ControlApp, { options, storeOf }: RouteContext): void {
  app.get('/ca.pem', {
    schema: { tags: ['operations'], summary: 'Our certificate', response: { 200: Type.String() } },
  }, async (_request, reply) => reply.type('application/x-pem-file').send(options.caPem()));

  app.get('/ca-bundle.pem', {
    schema: { tags: ['operations'], summary: 'The public roots and ours: for variables that replace the roots', response: { 200: Type.String() } },
  }, async (_request, reply) => reply.type('application/x-pem-file').send(`${[...rootCertificates, options.caPem().trim()].join('\n')}\n`));

  const { caTruststore, rotateCa } = options;
  if (caTruststore !== undefined) {
    app.get('/ca.p12', {
      schema: { tags: ['operations'], summary: 'Our certificate as a PKCS #12 truststore; its password is "changeit"' },
    }, async (_request, reply) => reply.type('application/x-pkcs12').header('content-disposition', 'attachment; filename="fourthwall.p12"').send(Buffer.from(caTruststore())));
  }
  if (rotateCa !== undefined) {
    app.post('/api/ca/rotate', {
      schema: {
        tags: ['operations'], summary: 'Publishes the next certificate; when there is one, signs with it from now on',
        response: { 200: Type.Object({ state: oneOf('unchanged', 'published', 'switched') }, strict) },
      },
    }, async (_request, reply) => reply.send({ state: await rotateCa() }));
  }

  app.get('/healthz', {
    schema: { tags: ['operations'], summary: 'The process answers', response: { 200: Type.Object({ alive: Type.Literal(true) }, strict) } },
  }, async (_request, reply) => reply.send({ alive: true }));

  const readiness = Type.Object({
    ready: Type.Boolean(),
    policy: oneOf('current', 'stale'),
    store: oneOf('ok', 'unavailable', 'full'),
    bucket: oneOf('none', 'ok', 'unavailable'),
    listeners: Type.Object({
      http: port, tls: port, smtp: port, smtps: port, control: port, preview: port, dns: port,
      reverse: Type.Array(Type.Object({ host: Type.String(), port: Type.Integer() }, strict)),
    }, strict),
  }, strict);
  app.get('/readyz', {
    schema: { tags: ['operations'], summary: 'Calls are taken, recorded and answered', response: { 200: readiness, 503: readiness } },
  }, async (_request, reply) => {
    const state = await options.ready();
    return reply.code(state.ready ? 200 : 503).send(state);
  });

  app.get('/metrics', {
    schema: { tags: ['operations'], summary: 'Prometheus text', response: { 200: Type.String() } },
  }, async (request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText({ ...options, store: storeOf(request) })));
}
