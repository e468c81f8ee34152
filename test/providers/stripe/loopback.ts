import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import type { PayerChoice } from '../../../src/model/hosted-page.ts';
import type { CallbackDraft, SimulationContext } from '../../../src/model/provider.ts';
import type { Header, HttpRequest } from '../../../src/model/exchange.ts';
import { stripe } from '../../../src/providers/stripe/index.ts';
import { fixedNow, memory } from '../../support/simulation-context.ts';

export interface Loopback {
  readonly sdk: Stripe;
  /** how many calls arrived so far */
  calls(): number;
  readonly callbacks: readonly CallbackDraft[];
  /** what a payer does on the page of an object: where the browser goes then */
  choose(kind: string, id: string, choice: PayerChoice): Promise<string | null>;
  /** from now on every call is refused */
  refuse(): void;
  close(): Promise<void>;
}

/** The official SDK in front of the provider: a bare HTTP server that captures, or refuses, every call. */
export async function loopback(options: Partial<Stripe.StripeConfig> = {}, facts: Partial<Pick<SimulationContext, 'declined' | 'unknownIds'>> = {}): Promise<Loopback> {
  const kept = memory();
  const callbacks: CallbackDraft[] = [];
  let calls = 0;
  let pages = 0;
  let refusing = false;
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      calls += 1;
      answer(toRequest(incoming.method!, incoming.url!, incoming.rawHeaders, Buffer.concat(chunks)), calls)
        .then((reply) => outgoing.writeHead(reply.status, reply.headers.flat()).end(reply.body))
        .catch((error: unknown) => outgoing.destroy(error as Error));
    });
  });
  const answer = async (request: HttpRequest, call: number) => {
    const decoded = stripe.decode(request);
    if (refusing || decoded.kind === 'unrecognized') return stripe.reject(request, { rule: 'no-payments', reason: 'staging never pays', capture: 'cap_01K00000000000000000000001' });
    const simulation = await stripe.simulate(request, decoded, kept.context({ call, liveness: 'test', now: fixedNow + call * 1000, ...facts }));
    kept.keep(simulation.remember ?? []);
    callbacks.push(...simulation.callbacks ?? []);
    return simulation.reply;
  };
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    sdk: new Stripe('sk_test_123', { host: '127.0.0.1', port, protocol: 'http', telemetry: false, ...options }),
    callbacks,
    calls: () => calls,
    async choose(kind, id, choice) {
      pages += 1;
      const chosen = await stripe.hosted.choose({ kind, id }, choice, kept.context({ call: 1_000_000 + pages, liveness: 'test', now: fixedNow + calls * 1000 }));
      kept.keep(chosen?.remember ?? []);
      callbacks.push(...chosen?.callbacks ?? []);
      return chosen?.goTo ?? null;
    },
    refuse: () => { refusing = true; },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

function toRequest(method: string, target: string, raw: readonly string[], body: Buffer): HttpRequest {
  const [path = '', query] = target.split('?', 2);
  const headers = raw.flatMap((name, index): Header[] => (index % 2 === 0 ? [[name, raw[index + 1]!]] : [])).filter(([name]) => name.toLowerCase() !== 'connection');
  return { kind: 'http', method, scheme: 'https', authority: { host: 'api.stripe.com', port: 443 }, path, query: query ?? null, version: '1.1', headers, trailers: [], body };
}
