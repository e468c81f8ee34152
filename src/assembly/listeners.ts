import type { Port } from '../config/options.ts';
import type { ReadyPorts } from '../control/dependencies.ts';
import type { Authority } from '../model/exchange.ts';

export interface Listener {
  /** as in the ready line: 'http', 'reverse:api.stripe.com' */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What this process listens on: told in the ready line, and refused as a target by ingress and dialer. */
export interface Listeners {
  /** Opens one unless it is off. Rejects naming the listener when its port cannot be had. */
  open(name: string, host: string, port: Port, listen: (host: string, port: number) => Promise<number>): Promise<void>;
  port(name: string): number | null;
  own(): readonly Authority[];
  ready(): ReadyPorts;
  all(): readonly Listener[];
}

const order = ['http', 'tls', 'smtp', 'smtps', 'control', 'preview', 'dns'];

export function createListeners(): Listeners {
  const opened: Listener[] = [];
  const port = (name: string): number | null => opened.find((listener) => listener.name === name)?.port ?? null;
  const rank = ({ name }: Listener): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return {
    async open(name, host, wanted, listen) {
      if (wanted === 'off') return;
      try {
        opened.push({ name, host, port: await listen(host, wanted) });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        throw new Error(`the ${name} listener cannot use ${host}:${wanted}: ${code === 'EADDRINUSE' ? 'the port is in use (EADDRINUSE); stop the other program or give another port, 0 for any free one' : message}`, { cause: error });
      }
    },
    port,
    own: () => opened,
    ready: () => ({
      http: port('http'), tls: port('tls'), smtp: port('smtp'), smtps: port('smtps'), control: port('control'), preview: port('preview'), dns: port('dns'),
      reverse: opened.filter(({ name }) => name.startsWith('reverse:')).map((listener) => ({ host: listener.name.slice('reverse:'.length), port: listener.port })),
    }),
    all: () => opened.toSorted((a, b) => rank(a) - rank(b)),
  };
}
