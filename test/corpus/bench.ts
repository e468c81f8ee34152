import { createServer } from 'node:https';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { buildConnector } from 'undici';
import { assemble, type Assembled } from '../../src/assembly/assemble.ts';
import { openPolicy } from '../../src/assembly/policy-in-force.ts';
import { defaultGatewayFile } from '../../src/config/gateway-file.ts';
import { readOptions } from '../../src/config/options.ts';
import { openCertificateAuthority } from '../../src/ingress/certificate-authority.ts';
import type { Limits } from '../../src/model/limits.ts';
import { StoreUnavailable, type Store } from '../../src/model/store.ts';

/**
 * The policy under which the corpus is judged, as its README states it. `sandbox`: the scenarios' one forward. `relay`: what a
 * first rule does with every mail, in place of capturing it.
 */
export function corpusPolicy({ sandbox, relay = null }: { readonly sandbox: boolean; readonly relay?: string | null }): string {
  return `version: 1
safe: { emails: ["*@example.test", "*@ourcompany.test"], phones: ["+15005550006", '/^\\+1[2-7][0-9]{2}55501[0-9]{2}$/'] }
${sandbox ? 'internal: [{ hosts: [sandbox.mock.test], cidrs: ["127.0.0.0/8"], ports: [443] }]' : ''}
default: reject
rules:
${sandbox ? '  - { id: sandbox, when: { host: sandbox.mock.test }, then: { forward: { internal: true } }, because: a stand-in of ours }' : ''}
${relay === null ? '' : `  - { id: relay, when: { channel: email }, then: ${relay}, because: everything is let go that may go }`}
  - { id: live-payments, when: { channel: payment, liveness: [live, unknown] }, then: reject, because: only test payments are simulated }
  - { id: mock, when: { host: mock.test }, then: { capture: { reply: { status: 200 } } }, because: a host that nobody claims }
  - { id: unrecognized, when: { decoded: unrecognized }, then: capture, because: of a known provider nothing is lost }
  - { id: understood, when: { decoded: [effects, read] }, then: capture, because: staging sends nothing }
`;
}

export interface BenchSettings {
  readonly sandbox?: boolean;
  readonly limits?: Partial<Limits>;
  readonly storeDown?: boolean;
  /** a mail server on the loopback address, and what the policy's first rule does with mail */
  readonly relay?: { readonly port: number; readonly consequence: string };
  /** an earlier bench's directory */
  readonly directory?: string;
}

/** A whole gateway in this process whose way out is a recorder. */
export interface Bench {
  readonly house: Assembled;
  readonly directory: string;
  readonly ca: string;
  /** names that were asked for, and host:port that were dialled */
  readonly asked: string[];
  readonly dialled: string[];
  /** what each further lookup of a name answers; the last one stays. Without: the loopback address. */
  stage(answers: readonly (readonly string[])[]): void;
  /** what the stand-in answers, and every request it got */
  readonly standIn: { answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> }; readonly got: string[] };
  port(name: string): number;
  stop(): Promise<void>;
}

export async function openBench(allowed: Set<number>, { sandbox = false, limits = {}, storeDown = false, relay, directory: given }: BenchSettings): Promise<Bench> {
  const directory = given ?? await mkdtemp(join(tmpdir(), 'fourthwall-corpus-'));
  const options = readOptions([...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']), '--data', join(directory, 'data')], {});
  if (options.kind === 'problems') throw new Error(options.problems.join('\n'));
  const policy = openPolicy({ inline: corpusPolicy({ sandbox, relay: relay?.consequence ?? null }) }, {});
  if (policy.kind === 'problems') throw new Error(JSON.stringify(policy.problems));

  const [asked, dialled]: [string[], string[]] = [[], []];
  let staged: readonly (readonly string[])[] = [];
  const standIn: Bench['standIn'] = { answer: { status: 200, headers: {} }, got: [] };
  const upstream = sandbox ? await openStandIn(join(directory, 'stand-in'), standIn) : null;
  if (upstream !== null) allowed.add(upstream.port);

  const house = await assemble({
    options: options.options,
    file: {
      ...defaultGatewayFile, durability: 'process', limits: { ...defaultGatewayFile.limits, ...limits },
      relays: relay === undefined ? {} : { mail: { host: '127.0.0.1', port: relay.port, tls: 'none', user: null, password: null } },
    },
    policy: policy.source, logger: pino({ level: 'silent' }), env: {},
    network: {
      resolve(host) {
        asked.push(host);
        const [now = ['127.0.0.1'], ...later] = staged;
        if (later.length > 0) staged = later;
        return Promise.resolve(now);
      },
      connect(wished, done) {
        if (relay !== undefined && wished.hostname === '127.0.0.1' && Number(wished.port) === relay.port) return buildConnector({})(wished, done);
        dialled.push(`${wished.hostname}:${wished.port}`);
        if (upstream === null || wished.hostname !== '127.0.0.1') return done(new Error('recorded, not dialled'), null);
        return upstream.connect({ ...wished, port: String(upstream.port) }, done);
      },
    },
    storage: (store) => (storeDown ? broken(store) : store),
  });
  for (const { port } of house.listeners) allowed.add(port);
  return {
    house, directory, asked, dialled, standIn,
    ca: await readFile(house.caFile, 'utf8'),
    stage: (answers) => void (staged = answers),
    port: (name) => house.listeners.find((listener) => listener.name === name)!.port,
    async stop() {
      await house.stop();
      await upstream?.close();
      if (given === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A store on a full or vanished disk: it takes nothing more. */
function broken(store: Store): Store {
  return { ...store, record: () => Promise.reject(new StoreUnavailable('no space left on device')) };
}

/** The sandbox: TLS with a certificate that its own root vouches for, on the loopback address. */
async function openStandIn(directory: string, standIn: Bench['standIn']) {
  const ca = await openCertificateAuthority({ directory, now: Date.now });
  const context = await ca.secureContext('sandbox.mock.test');
  const server = createServer({ SNICallback: (_name, done) => done(null, context) }, (request, response) => {
    standIn.got.push(`${request.method} ${request.headers.host}${request.url}`);
    response.writeHead(standIn.answer.status, standIn.answer.headers).end('from the sandbox');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connect: buildConnector({ ca: ca.certificatePem }),
    close: () => new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
