import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { ulid } from 'ulid';
import { openBreaker } from '../actions/breaker.ts';
import type { House } from '../actions/call.ts';
import { openOutbox, type Outbox } from '../actions/callbacks/outbox.ts';
import { queued, unsent } from '../actions/callbacks/queue.ts';
import { authoritiesOf } from '../actions/callbacks/target.ts';
import { createFailures } from '../actions/failures.ts';
import { createRunFailures } from '../actions/run-failures.ts';
import { guardedAgent, guardedSocket, targetAgent, type Dialing } from '../actions/dialer.ts';
import { openHostedPages } from '../actions/hosted/hosted-pages.ts';
import { pageToken } from '../actions/hosted/page-token.ts';
import { createNetwork } from '../actions/network.ts';
import { createRelays } from '../actions/relay.ts';
import { releaseMail } from '../actions/release.ts';
import type { GatewayFile } from '../config/gateway-file.ts';
import { loadFailureRules } from '../config/failure-rules.ts';
import type { Options } from '../config/options.ts';
import type { PolicySource } from '../config/policy-source.ts';
import { createControl } from '../control/control.ts';
import { explainer, loaded } from '../control/explain-call.ts';
import { page } from '../control/page.ts';
import { createPreview } from '../control/preview.ts';
import { replay } from '../control/replay.ts';
import { createContentReader } from '../findings/before-decision.ts';
import { createEnricher } from '../findings/enrich.ts';
import { findingsAgain, findingsOfCall } from '../findings/from-call.ts';
import { createSameMessage } from '../findings/same-message.ts';
import { createGateway } from '../gateway.ts';
import { createBudget } from '../ingress/budget.ts';
import { openCertificateAuthority } from '../ingress/certificate-authority.ts';
import { truststore } from '../ingress/truststore.ts';
import { createHttpIngress } from '../ingress/http-ingress.ts';
import { isOwn } from '../ingress/own-address.ts';
import { createSmtpIngress } from '../ingress/smtp-ingress.ts';
import type { Authority } from '../model/exchange.ts';
import type { SeedObject, Store } from '../model/store.ts';
import { problemText } from '../policy/problem.ts';
import type { Safe } from '../policy/safe.ts';
import { createClaims } from '../providers/claims.ts';
import { everyProvider, httpProviders, mailProvider } from '../providers/index.ts';
import { withFaultMemory } from '../store/fault-memory.ts';
import { fingerprint } from '../store/fingerprint.ts';
import { redactEnrichment } from '../store/redaction.ts';
import { openRunLedger } from '../store/run-ledger.ts';
import { keyedHash, secretKey } from '../store/secret-key.ts';
import { publishCertificates } from './certificates.ts';
import { authOf, controlOrigins, isLoopback } from './control-access.ts';
import { startEvictor } from './evictor.ts';
import { startDiskWatch } from './disk-watch.ts';
import { createLeftovers } from './leftovers.ts';
import { createListeners, type Listener } from './listeners.ts';
import { createNameServer } from './name-server.ts';
import { oneAuthority } from './one-authority.ts';
import { openStore } from './open-store.ts';
import { draftVariables, loadDraft, policyHandle, type LoadedPolicy } from './policy-in-force.ts';
import { shutdown, type Close } from './shutdown.ts';

export interface Assembled {
  /** in the order of interface.md's table */
  readonly listeners: readonly Listener[];
  readonly pageUrl: string;
  readonly caFile: string;
  /** Stops accepting, finishes what was read, records the clean stop. */
  stop(): Promise<void>;
}

const heartbeatEvery = 5_000;
const seedsAtOnce = 500;

/** Builds the house from its parts and opens its doors. What was opened is closed again when a later part fails. */
export async function assemble({ options, file, policy, logger, env, seeds = [], network = {}, storage = (store) => store }: {
  readonly options: Options;
  readonly file: GatewayFile;
  readonly policy: PolicySource<LoadedPolicy>;
  readonly logger: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** what the vendors remember from the start */
  readonly seeds?: readonly SeedObject[];
  /** how the outside is reached; tests record here what would be asked and dialled */
  readonly network?: Pick<Dialing, 'resolve' | 'connect'>;
  /** tests put a faulty store here */
  readonly storage?: (store: Store) => Store;
}): Promise<Assembled> {
  const closing: Close[] = [];
  const stop = (): Promise<void> => shutdown(closing.splice(0), { drain: file.limits.drain, logger });
  try {
    const { limits } = file;
    const now = Date.now;
    const instance = ulid();
    const key = secretKey({ data: options.dataDir, fromEnvironment: env['FOURTHWALL_HASH_KEY'], storeKey: options.storeKey });
    const kept = await openStore(options.store, file.bucket, { durability: file.durability, key, sealKey: options.storeKey, limits, now, retention: file.retention }, (problem) => { logger.error(problem); });
    const faults = withFaultMemory(storage(kept.store));
    closing.push(() => faults.store.close(instance));
    const runs = await openRunLedger(faults.store, { shared: kept.shared !== null });
    const breaker = await openBreaker({ store: runs.store, key });
    const { store } = breaker;
    await store.begin(instance);
    if (file.retention !== null) {
      const evictor = startEvictor({ store, retention: file.retention, logger });
      closing.push(() => evictor.close());
    }
    const watch = options.store.kind === 'sqlite' ? startDiskWatch({ directory: dirname(options.store.path), logger }) : null;
    if (watch !== null) closing.push(async () => watch.close());
    const keepPolicy = (): Promise<void> => {
      const { policy: { policy: { sha256 }, text } } = policy.state();
      return store.keepPolicy(sha256, text);
    };
    await keepPolicy();
    // what staging changed of a seed stands before it, so putting it again undoes nothing
    for (let from = 0; from < seeds.length; from += seedsAtOnce) await store.putObjects(seeds.slice(from, from + seedsAtOnce));
    const unsubscribe = policy.subscribe(({ status, problems }) => {
      const { sha256 } = policy.state().policy.policy;
      if (status === 'stale') logger.error({ problems, sha256 }, 'the policy file does not load; the old policy stays in force');
      else keepPolicy().catch((error: unknown) => logger.error({ err: error }, 'the policy in force could not be kept'));
      store.append({ kind: 'policy', capture: null, run: null, data: { state: status, sha256, problems: problems.map(problemText) } })
        .catch((error: unknown) => logger.error({ err: error }, 'a change of the policy could not be noted'));
    });
    closing.push(async () => unsubscribe());
    let leftovers: (() => Promise<void>) | null = null;
    let authority: (() => Promise<void>) | null = null;
    const heart = setInterval(() => {
      leftovers?.().catch((error: unknown) => logger.error({ err: error }, 'what other gateways left to read could not be asked for'));
      authority?.().catch((error: unknown) => logger.error({ err: error }, 'other gateways could not be told of the change of the CA'));
      store.heartbeat(instance).catch((error: unknown) => logger.error({ err: error }, 'no heartbeat: the store does not take writes'));
      breaker.refresh().catch((error: unknown) => logger.error({ err: error }, 'the state of the mailshot breakers could not be read'));
    }, heartbeatEvery);
    closing.push(async () => clearInterval(heart));

    const caDirectory = join(options.dataDir, 'ca');
    const ca = await openCertificateAuthority({ directory: caDirectory, hosts: file.ca.hosts, now, ...(options.ca === null ? {} : { certFile: options.ca.cert, keyFile: options.ca.key }) });
    authority = await oneAuthority({ ca, shared: kept.shared, instance });
    const certificates = await publishCertificates({ ca, directory: caDirectory, given: options.ca !== null, store, logger });
    const caFiles = certificates.files;
    closing.push(async () => certificates.close());

    const listeners = createListeners();
    const { controlHost } = options;
    const pageAddress = (): string => options.publicUrl ?? `http://${controlHost === '0.0.0.0' || controlHost === '::' ? 'localhost' : controlHost}:${listeners.port('control')}`;
    const claims = createClaims(httpProviders);
    const dialing = { internal: () => policy.state().policy.policy.internal, isOwn: (at: Authority) => isOwn(at, listeners.own()), ...network };
    const relays = createRelays(file.relays, { open: guardedSocket({ ...dialing, relays: Object.values(file.relays) }), timeout: limits.requestTimeout });
    const missing = policy.state().policy.policy.rules.map(({ consequence }) => (consequence.action === 'forward' ? consequence.plan.via : null)).filter((via) => via !== null && relays.get(via) === null);
    if (missing.length > 0) logger.warn({ relays: [...new Set(missing)] }, 'the policy forwards via relays that gateway.yaml does not have; mail for them is refused');
    const outside = createNetwork({ inside: guardedAgent({ ...dialing, inside: true }), anywhere: guardedAgent(dialing) }, limits);
    closing.push(() => outside.close());
    const enricher = createEnricher({ store: { ...store, enrich: (id, enrichment) => store.enrich(id, redactEnrichment(enrichment)) }, logger, limits, correlate: file.correlate });
    closing.push(() => enricher.close());
    if (kept.shared !== null) leftovers = createLeftovers({ store, notify: (capture) => enricher.notify(capture) });
    const reader = createContentReader({ limits, correlate: file.correlate, logger });
    closing.push(() => reader.close());
    const runFailures = createRunFailures({ store, now, load: (written, counters) => loadFailureRules(written, { counters, providers: everyProvider }) });
    let outbox: Outbox | null = null;
    const house: House = {
      callbacks: {
        unsent: (draft, provider) => unsent(file.webhooks, draft, provider),
        queued: (draft, provider) => queued(file.webhooks, draft, provider),
        due: (at) => outbox?.due(at),
      },
      instance, store, runs, claims, mail: mailProvider, network: outside, relays, findingsOf: findingsOfCall, key, limits, logger, now,
      policy: () => policy.state().policy.policy,
      lost: faults.lost,
      enrich: (capture) => enricher.notify(capture),
      failures: createFailures({ rules: file.failures, ofRun: runFailures.rules, store, declines: (name) => everyProvider.some((provider) => provider.name === name && provider.declines !== undefined) }),
      unknownIds: (provider) => file.simulators[provider]?.unknownIds ?? 'not-found',
      pages: (scope, capture) => (kind, id) => `${pageAddress()}/pay/${pageToken(key, { scope, capture, subject: { kind, id } })}`,
      breaker, sameMessage: createSameMessage({ hash: (text) => keyedHash(key, text), fingerprint }),
      readContent: (call) => reader.read(call),
    };
    const gateway = createGateway(house);
    const sending = openOutbox({ house, webhooks: file.webhooks, agent: targetAgent({ ...dialing, targets: authoritiesOf(file.webhooks) }), providers: everyProvider });
    outbox = sending;
    closing.push(() => sending.close());

    const budget = createBudget(limits);
    const http = createHttpIngress({ gateway, ca, limits, budget, origins: file.origins, proxies: file.proxyProtocol, logger, own: listeners.own });
    closing.push(() => http.close());
    const smtp = createSmtpIngress({ gateway, ca, limits, budget, origins: file.origins, proxies: file.proxyProtocol, logger, hostname: 'fourthwall.localhost' });
    closing.push(() => smtp.close());

    const { ports, host } = options;
    await listeners.open('http', host, ports.http, http.listenHttp);
    await listeners.open('tls', host, ports.tls, http.listenTls);
    await listeners.open('smtp', host, ports.smtp, smtp.listen);
    await listeners.open('smtps', host, ports.smtps, smtp.listenTls);
    if (ports.dns !== 'off') {
      const names = createNameServer({ dns: file.dns, host, origins: file.origins, claims, store, logger, now });
      closing.push(() => names.close());
      await listeners.open('dns', host, ports.dns, names.listen);
    }

    const safe = (): Safe => policy.state().policy.policy.safe;
    const preview = createPreview({ store, controlOrigin: () => controlOrigins(options, listeners.port('control')), key: randomBytes(32), now, logger, safe });
    closing.push(() => preview.close());
    const auth = authOf(options, file);
    const draft = (text: string): ReturnType<typeof loadDraft> => loadDraft(text, draftVariables(policy.state().policy, env));
    const control = await createControl({
      store,
      policy: policyHandle(policy, env),
      release: (order) => releaseMail(house, order),
      callbacks: sending,
      pay: openHostedPages(house, (name) => everyProvider.find((provider) => provider.name === name) ?? null),
      runFailures: { written: runFailures.written, put: async (run, rules) => (await runFailures.put(run, rules)).map(problemText) },
      explain: explainer({
        policy: house.policy, load: draft, claim: claims.claim, providers: everyProvider,
        findings: (decoded, request) => findingsOfCall(decoded, request).map(({ id }) => id),
      }),
      replay: async (text, filter, most) => replay({
        store, filter, most, draft: loaded(draft(text)), findings: findingsAgain,
        channelsOf: (name) => everyProvider.find((provider) => provider.name === name)?.channels ?? [],
      }),
      providers: everyProvider.map(({ name, channels, about, ...rest }) => ({
        name, channels, ...about, events: rest.events ?? [], declines: rest.declines ?? [], adopts: rest.adopts ?? [],
        ...rest.seed === undefined ? {} : { seed: rest.seed }, hosts: 'hosts' in rest ? rest.hosts.map(({ host: claimed }) => claimed) : [],
      })),
      caPem: () => ca.certificatePem,
      caTruststore: () => truststore(ca.certificatePem),
      rotateCa: certificates.rotate,
      caFiles,
      listeners: listeners.ready,
      ingressHost: host,
      publicUrl: options.publicUrl,
      auth: auth.auth,
      safe,
      logger,
      now,
      async ready() {
        const state = !await store.healthy() ? 'unavailable' : (await store.holding()).full === null ? 'ok' : 'full';
        const large = state === 'unavailable' ? null : await store.bucket();
        return { ready: state === 'ok', policy: policy.state().status, store: state, bucket: file.bucket === null ? 'none' : large !== null && large.why === null ? 'ok' : 'unavailable', listeners: listeners.ready() };
      },
      disk: async () => await watch?.disk() ?? null,
      previewUrl: (capture, pageHost, masked) => (listeners.port('preview') === null ? null : preview.url(capture, pageHost, masked)),
      page: page({
        directory: fileURLToPath(new URL('../../build/web', import.meta.url)),
        previewOrigin: (pageHost) => (listeners.port('preview') === null ? null : preview.origin(pageHost)),
      }),
    });
    closing.push(() => control.close());
    await listeners.open('control', controlHost, ports.control, control.listen);
    await listeners.open('preview', controlHost, ports.preview, preview.listen);
    for (const reverse of file.reverse) {
      await listeners.open(`reverse:${reverse.host}`, host, reverse.port, (at, port) =>
        http.listenReverse({ host: at, port, target: { host: reverse.host, port: 443 }, tls: reverse.tls }));
    }

    const pageUrl = pageAddress();
    if (auth.made !== null) logger.warn({ open: `${pageUrl}/?token=${auth.made}` }, 'the page is reachable from other machines, so it asks for a token; this one was made for this start (set FOURTHWALL_TOKEN to keep one)');
    if (!isLoopback(host)) logger.warn({ host }, 'the ingress listeners can be reached from other machines; only staging should be able to');
    return { listeners: listeners.all(), pageUrl, caFile: caFiles.ca, stop };
  } catch (error) {
    await stop().catch((fault: unknown) => logger.error({ err: fault }, 'and what was open could not be closed'));
    throw error;
  }
}
