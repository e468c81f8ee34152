import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createControl } from '../../src/control/control.ts';
import type { Control } from '../../src/control/control.ts';
import type { ControlOptions, ReadyPorts } from '../../src/control/dependencies.ts';
import { explainer, loaded as compiled } from '../../src/control/explain-call.ts';
import { replay } from '../../src/control/replay.ts';
import { createClient } from '../../src/testing/client.ts';
import type { Client } from '../../src/testing/client.ts';
import { findingsAgain, findingsOfCall } from '../../src/findings/from-call.ts';
import { newCaptureId } from '../../src/model/capture-id.ts';
import type { CaptureDraft, Key } from '../../src/model/capture.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Recipient, Standing } from '../../src/model/recipient.ts';
import type { Decoded, Liveness } from '../../src/model/side-effect.ts';
import type { Store } from '../../src/model/store.ts';
import { defaultLimits } from '../../src/model/limits.ts';
import { loadPolicy } from '../../src/policy/load.ts';
import type { LoadedPolicy } from '../../src/policy/load.ts';
import { problemText } from '../../src/policy/problem.ts';
import { createClaims } from '../../src/providers/claims.ts';
import { httpProviders, mailProvider } from '../../src/providers/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';

export const policyText = `version: 1
safe:
  emails: ["*@example.test"]
default: reject
rules:
  - { id: mail-to-ourselves, when: { channel: email, recipients: { every: safe } }, then: capture, because: colleagues look at it here }
  - { id: everything-understood, when: { channel: [email, sms, payment] }, then: capture, because: staging sends nothing }
`;

export interface Harness {
  readonly store: Store;
  readonly client: Client;
  readonly url: string;
  readonly control: Control;
  /** as SIGKILL would: nothing says goodbye */
  dieAndBeginAgain(): Promise<void>;
  close(): Promise<void>;
}

const ports: ReadyPorts = { http: 8080, tls: null, smtp: 1025, smtps: null, control: 8025, preview: 8026, dns: null, reverse: [] };

export async function openStore(path: string): Promise<Store> {
  return openSqliteStore({ path, durability: 'process', key: Buffer.alloc(32, 7), limits: defaultLimits, now: () => Date.now() });
}

function load(text: string): LoadedPolicy {
  return loadPolicy(text, { file: 'config/policy.yaml', env: {}, providers: [mailProvider, ...httpProviders] });
}

/** The real store, the real policy and the real providers behind a control listener on a free port. */
export async function harness(more: Partial<ControlOptions> & { readonly host?: string } = {}): Promise<Harness> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-control-'));
  const store = await openStore(join(directory, 'store.db'));
  await store.begin('first');
  const loaded = load(policyText);
  if (loaded.kind === 'problems') throw new Error(loaded.problems.map(problemText).join('\n'));
  await store.keepPolicy(loaded.policy.sha256, policyText);
  const claims = createClaims(httpProviders);
  const control = await createControl({
    store,
    policy: {
      inForce: () => ({ sha256: loaded.policy.sha256, text: policyText, file: 'config/policy.yaml', state: 'current', problems: [], loadedAt: '2026-11-21T09:00:00.000Z' }),
      check(text) {
        const result = load(text);
        return result.kind === 'policy' ? { sha256: result.policy.sha256, problems: [] }
          : { sha256: '', problems: result.problems.map((problem) => ({ line: problem.line, column: problem.column, message: problemText(problem) })) };
      },
    },
    explain: explainer({ policy: () => loaded.policy, load, claim: claims.claim, providers: [mailProvider, ...httpProviders], findings: (decoded, request) => findingsOfCall(decoded, request).map(({ id }) => id) }),
    replay: async (text, filter, most) => replay({
      store, filter, most, draft: compiled(load(text)), findings: findingsAgain,
      channelsOf: (name) => [mailProvider, ...httpProviders].find((provider) => provider.name === name)?.channels ?? [],
    }),
    providers: [mailProvider, ...httpProviders].map((provider) => ({
      name: provider.name, channels: provider.channels, hosts: 'hosts' in provider ? provider.hosts.map(({ host }) => host) : [], operations: [], fidelity: null, verified: null,
    })),
    caPem: () => '-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n',
    caFiles: { ca: '/data/ca.pem', bundle: '/data/ca-bundle.pem' },
    listeners: () => ports,
    ingressHost: '127.0.0.1',
    publicUrl: null,
    auth: { kind: 'open' },
    logger: pino({ level: 'silent' }),
    now: () => Date.now(),
    ready: async () => ({ ready: await store.healthy(), policy: 'current', store: 'ok', bucket: 'none', listeners: ports }),
    previewUrl: (id) => `http://127.0.0.1:8026/html/${id}?s=signed`,
    ...more,
  });
  const port = await control.listen(more.host ?? '127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  let instance = 'first';
  return {
    store, control, url, client: createClient({ url }),
    async dieAndBeginAgain() {
      // What begin() meets after kill -9: an instance that never stopped.
      instance = `${instance}-again`;
      await store.begin(instance);
    },
    async close() {
      await control.close();
      await store.close(instance);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface Call {
  readonly run?: string | null;
  readonly service?: string;
  readonly to?: string;
  readonly standing?: Standing;
  readonly text?: string;
  readonly channel?: 'sms' | 'email';
  readonly liveness?: Liveness;
  readonly decoded?: Decoded<Recipient>;
  readonly decision?: Partial<Extract<Decision, { action: 'forward' }>> | Partial<Extract<Decision, { action: 'reject' }>>;
  readonly outcome?: CaptureDraft['outcome'];
  readonly keys?: readonly Key[];
  readonly enrichment?: CaptureDraft['enrichment'];
  readonly findings?: CaptureDraft['findings'];
  readonly at?: string;
  /** the call it tells about: then it is a callback we sent */
  readonly callbackOf?: string;
}

/** A recorded call, as the gateway would have written it. */
export function draft(call: Call = {}): CaptureDraft {
  const now = Date.now();
  const { channel = 'sms', to = '+15005550006', standing = 'safe', liveness = 'test', text = 'Your code is on its way' } = call;
  const recipients: readonly Recipient[] = [{ address: to, kind: channel === 'sms' ? 'phone' : 'email', role: 'to', standing, why: 'said so' }];
  const base = { operation: 'messages.create', liveness, recipients, keys: [], from: 'shop' };
  const decision = {
    rule: 'everything-understood', reason: 'staging sends nothing', trace: [{ rule: 'everything-understood', matched: true, because: 'channel is sms' }],
    reported: [], policy: { sha256: 'a'.repeat(64) }, fault: null, action: 'capture', reply: null, ...call.decision,
  } as Decision;
  const body = Buffer.from(channel === 'sms' ? `To=${encodeURIComponent(to)}&Body=${encodeURIComponent(text)}` : `Subject: ${text}\r\nTo: ${to}\r\n\r\n${text}\r\n`);
  return {
    id: newCaptureId(now), at: call.at ?? new Date(now).toISOString(), instance: 'first',
    origin: { space: null, service: call.service ?? 'shop', run: call.run ?? null, trace: null, address: '127.0.0.1', via: 'proxy' },
    run: call.run ?? null, protocol: channel === 'sms' ? 'http' : 'smtp', direction: call.callbackOf === undefined ? 'out' : 'callback', parent: call.callbackOf ?? null,
    provider: channel === 'sms' ? 'twilio' : 'smtp', channels: [channel],
    request: channel === 'sms'
      ? { kind: 'http', method: 'POST', scheme: 'https', authority: { host: 'api.twilio.com', port: 443 }, path: '/2010-04-01/Accounts/AC1/Messages.json', query: null,
        version: '1.1', headers: [['Content-Type', 'application/x-www-form-urlencoded']], trailers: [], body }
      : { kind: 'mail', helo: 'shop', tls: null, authUser: null, from: { address: 'shop@example.test', parameters: [] }, to: [{ address: to, parameters: [] }], message: body },
    reply: null,
    decoded: call.decoded ?? { kind: 'effects', effects: [channel === 'sms'
      ? { ...base, channel, provider: 'twilio', text, media: [], template: null }
      : { ...base, channel, provider: 'smtp', operation: 'mail', subject: text, text: null, html: null, attachments: [], template: null }] },
    decision,
    outcome: call.outcome ?? (decision.action === 'capture' ? 'captured' : decision.action === 'reject' ? 'rejected' : 'forwarded'),
    keys: call.keys ?? [], identities: [], findings: call.findings ?? [], redactions: [], enrichment: call.enrichment ?? 'done', account: null,
  };
}

export async function record(store: Store, call: Call = {}): Promise<string> {
  const drafted = draft(call);
  await store.record({ draft: drafted, remember: [], callbacks: [] });
  return drafted.id;
}

export const forwardedTo = (plan: { readonly internal?: boolean; readonly via?: string | null } = {}): Call['decision'] => ({
  action: 'forward', rule: 'let-out', plan: { internal: plan.internal ?? false, via: plan.via ?? null, rewrites: [] },
});

/** Resolves when the store has got one more listener: somebody waits. */
export function whenWaiting(store: Store): Promise<void> {
  const { subscribe } = store;
  return new Promise((resolve) => {
    Object.assign(store, { subscribe: (listener: () => void) => {
      Object.assign(store, { subscribe });
      resolve();
      return subscribe(listener);
    } });
  });
}
