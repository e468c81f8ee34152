import { setMaxListeners } from 'node:events';
import type { AddressInfo } from 'node:net';
import swagger from '@fastify/swagger';
import fastify, { LogController } from 'fastify';
import type { Safe } from '../policy/safe.ts';
import type { ControlApp, ControlTypes } from './app.ts';
import { answersFor } from './access/answers.ts';
import { guesses, namedBy } from './access/guesses.ts';
import { checkLookups } from './access/lookups.ts';
import { viewFor, type StoreView } from './access/view.ts';
import { requireCaller } from './auth.ts';
import { narrowed } from './access/caller.ts';
import { noteIn } from './access/note.ts';
import { boundBodyDepth } from './body-depth.ts';
import { closeApp } from './close-app.ts';
import type { ControlOptions } from './dependencies.ts';
import { captureFilter } from './filters.ts';
import { guard } from './guard.ts';
import { shownBy } from './masking/shown-address.ts';
import { answerError, notFound, sendProblem } from './problem.ts';
import { accessRoutes } from './routes/access.ts';
import { assertRoutes } from './routes/assert.ts';
import { breakerRoutes } from './routes/breakers.ts';
import { callbackRoutes } from './routes/callbacks.ts';
import { captureRoutes } from './routes/captures.ts';
import { connectionRoutes } from './routes/connection.ts';
import type { RouteContext } from './routes/context.ts';
import { erasureRoutes } from './routes/erasures.ts';
import { eventRoutes } from './routes/events.ts';
import { journeyRoutes } from './routes/journeys.ts';
import { operationRoutes } from './routes/operations.ts';
import { partRoutes } from './routes/parts.ts';
import { payRoutes } from './routes/pay.ts';
import { policyRoutes } from './routes/policy.ts';
import { providerRoutes } from './routes/providers.ts';
import { releaseRoutes } from './routes/release.ts';
import { runRoutes } from './routes/runs.ts';
import { simulatorRoutes } from './routes/simulators.ts';
import { waitingRoutes } from './routes/waiting.ts';
import { validatorCompiler } from './validation.ts';

/** What people and tests talk to. Apart from the data plane: another Fastify, another port. */
export interface Control {
  /** Resolves with the real port (port 0 = any free one). */
  listen(host: string, port: number): Promise<number>;
  /** what there is to ask for, as 'GET /api/captures/:id', files of the page left out: for the test that holds route-rules.ts against it */
  readonly routes: readonly string[];
  /** Ends waits (503) and live feeds, then closes. */
  close(): Promise<void>;
}

const bodyLimit = 1024 * 1024;
const nobodySafe: Safe = { emails: [], phones: [], devices: [] };

export async function createControl(options: ControlOptions): Promise<Control> {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let listenHost = '127.0.0.1';
  // Requests are not logged: an address can hold a token, a filter a customer.
  const app: ControlApp = fastify({
    loggerInstance: options.logger, logController: new LogController({ disableRequestLogging: true }), trustProxy: false, bodyLimit, forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2_000 },
  }).withTypeProvider<ControlTypes>();

  app.setValidatorCompiler(validatorCompiler);
  // Answers are sent as they are: a schema that lags behind must not silently drop a field.
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(`nothing at ${request.method} ${request.url.split('?')[0]}; /api/openapi.json lists what there is`)));

  guard(app, { publicUrl: options.publicUrl, listenHost: () => listenHost });
  const listed: string[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.page !== true) listed.push(...[method].flat().map((each) => `${each} ${url}`));
  });
  const safe = options.safe ?? (() => nobodySafe);
  const note = noteIn(options.store, safe);
  const guess = guesses(options.now);
  const access = requireCaller(app, { auth: options.auth, now: options.now, secure: options.publicUrl?.startsWith('https:') ?? false, safe, note });
  answersFor(app, { note, safe });
  boundBodyDepth(app);

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Fourthwall', version: '1', description: 'What staging tried to send, why it was stopped, and whether anything real got out. Errors are RFC 9457 problem details.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      ...options.auth.kind === 'tokens' ? { security: [{ token: [] }] } : {},
    },
  });

  const { store, ...rest } = options;
  const views = new WeakMap<object, StoreView>();
  const context: RouteContext = {
    options: rest,
    access,
    everything: store,
    callerOf: access.callerOf,
    storeOf(request) {
      const view = views.get(request) ?? viewFor(store, access.callerOf(request));
      views.set(request, view);
      return view;
    },
    filterOf(request, query) {
      const caller = access.callerOf(request);
      const filter = checkLookups(caller, captureFilter(query, {
        providers: options.providers.map(({ name }) => name), channels: options.providers.flatMap(({ channels }) => channels),
      }));
      guess(caller, namedBy(filter), shownBy(safe()));
      return narrowed(filter, caller);
    },
    asksAbout: (request, addresses) => guess(access.callerOf(request), addresses, shownBy(safe())),
    note: (request, action, subject, data) => note({ actor: access.callerOf(request).actor, action, subject, data }),
    lifetime: (request) => {
      const { raw: { socket }, signedOut } = request;
      const { expires } = access.callerOf(request);
      const gone = new AbortController();
      const leave = (): void => { gone.abort(); };
      socket.once('close', leave);
      const over = expires === null ? null : setTimeout(leave, Math.min(Math.max(expires - options.now(), 0), 2 ** 31 - 1));
      over?.unref();
      return {
        signal: AbortSignal.any([gone.signal, stopping.signal, ...signedOut === undefined ? [] : [signedOut]]),
        done: () => { socket.off('close', leave); if (over !== null) clearTimeout(over); },
      };
    },
  };
  for (const routes of [
    accessRoutes, captureRoutes, partRoutes, releaseRoutes, callbackRoutes, waitingRoutes, journeyRoutes, runRoutes, connectionRoutes, assertRoutes, eventRoutes, policyRoutes, simulatorRoutes, providerRoutes, breakerRoutes, operationRoutes, erasureRoutes,
  ]) routes(app, context);
  app.get('/api/openapi.json', { schema: { tags: ['operations'], summary: 'This description' } }, async (_request, reply) => reply.send(app.swagger()));
  if (options.pay !== undefined) await app.register(payRoutes(options.pay));
  if (options.page !== undefined) await app.register(options.page);

  return {
    routes: listed,
    async listen(host, port) {
      listenHost = host;
      await app.listen({ host, port });
      return (app.server.address() as AddressInfo).port;
    },
    async close() {
      stopping.abort();
      await closeApp(app);
    },
  };
}
