import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { pino } from 'pino';
import type { Dialing } from '../../src/actions/dialer.ts';
import { assemble } from '../../src/assembly/assemble.ts';
import { openPolicy } from '../../src/assembly/policy-in-force.ts';
import { defaultGatewayFile } from '../../src/config/gateway-file.ts';
import type { GatewayFile } from '../../src/config/gateway-file.ts';
import { readOptions } from '../../src/config/options.ts';
import type { Capture } from '../../src/model/capture.ts';
import type { SeedObject, Store } from '../../src/model/store.ts';

export interface RunningHouse {
  /** where its store, keys and certificates lie */
  readonly data: string;
  port(name: string): number;
  capture(id?: string): Promise<Capture>;
  api(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** Sends one mail to the gateway and gives its answer, whatever it is. */
  mail(message: { readonly from: string; readonly to: readonly string[]; readonly raw: string | Buffer }): Promise<string>;
  stop(): Promise<void>;
}

/** The whole house in this process, with its outside recorded. */
export async function startHouse({ policy: text, relays = {}, webhooks = {}, failures = [], simulators = {}, seeds = [], network = {}, env = {}, storage = (store) => store }: {
  readonly policy: string;
  readonly relays?: GatewayFile['relays'];
  readonly webhooks?: GatewayFile['webhooks'];
  readonly failures?: GatewayFile['failures'];
  readonly simulators?: GatewayFile['simulators'];
  readonly seeds?: readonly SeedObject[];
  readonly network?: Pick<Dialing, 'resolve' | 'connect'>;
  readonly env?: Readonly<Record<string, string>>;
  readonly storage?: (store: Store) => Store;
}): Promise<RunningHouse> {
  const directory = await mkdtemp(join(tmpdir(), 'fourthwall-'));
  const options = readOptions([...['http', 'tls', 'smtp', 'smtps', 'control', 'preview'].flatMap((name) => [`--${name}-port`, '0']), '--data', join(directory, 'data')], {});
  if (options.kind === 'problems') throw new Error(options.problems.join('\n'));
  const policy = openPolicy({ inline: text }, env);
  if (policy.kind === 'problems') throw new Error(JSON.stringify(policy.problems));
  const house = await assemble({
    options: options.options, file: { ...defaultGatewayFile, durability: 'process', relays, webhooks, failures, simulators }, policy: policy.source, logger: pino({ level: 'silent' }), env, seeds, network, storage,
  });
  const port = (name: string): number => house.listeners.find((listener) => listener.name === name)!.port;
  const url = (path: string): string => `http://127.0.0.1:${port('control')}${path}`;
  return {
    data: join(directory, 'data'),
    port,
    capture: async (id = 'latest') => await (await fetch(url(`/api/captures/${id}`))).json() as Capture,
    async api(path, init) {
      const response = await fetch(url(path), init);
      return { status: response.status, body: await response.json() as Record<string, unknown> };
    },
    async mail({ from, to, raw }) {
      const transport = createTransport({ host: '127.0.0.1', port: port('smtp'), secure: false, ignoreTLS: true });
      try {
        return (await transport.sendMail({ envelope: { from, to: [...to] }, raw })).response;
      } catch (error) {
        return (error as { readonly response?: string }).response ?? String(error);
      } finally {
        transport.close();
      }
    },
    async stop() {
      await house.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
