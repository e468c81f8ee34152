import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { Chosen, PayerChoice } from '../../src/model/hosted-page.ts';
import type { HttpProvider, CallbackDraft } from '../../src/model/provider.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import { fixedNow, memory } from './simulation-context.ts';

/** A provider served on loopback as if it were its vendor, without the gateway around it: for the vendor's own SDK. */
export interface VendorServer {
  readonly port: number;
  /** what arrived, in order */
  readonly calls: readonly { readonly request: HttpRequest; readonly decoded: Decoded }[];
  readonly callbacks: readonly CallbackDraft[];
  /** from now on every call is refused (or not any more: null) */
  refuse(why: { readonly rule: string; readonly reason: string } | null): void;
  /** what a payer does on a page that the vendor's answer led to */
  choose(url: string, choice: PayerChoice): Promise<Chosen>;
  /** moves the simulations' clock */
  pass(ms: number): void;
  close(): Promise<void>;
}

export async function serveVendor(provider: HttpProvider, host: string): Promise<VendorServer> {
  const calls: { request: HttpRequest; decoded: Decoded }[] = [];
  const callbacks: CallbackDraft[] = [];
  const kept = memory();
  let now = fixedNow;
  let pages = 0;
  let refusal: { readonly rule: string; readonly reason: string } | null = null;

  async function answer(request: HttpRequest): Promise<HttpResponse> {
    const decoded = provider.decode(request);
    calls.push({ request, decoded });
    if (refusal !== null) return provider.reject(request, { ...refusal, capture: `cap_${calls.length}` });
    if (decoded.kind === 'unrecognized') return { kind: 'http', status: 501, headers: [], trailers: [], body: Buffer.from(decoded.why) };
    const simulation = await provider.simulate(request, decoded, kept.context({ now, call: calls.length }));
    kept.keep(simulation.remember ?? []);
    callbacks.push(...simulation.callbacks ?? []);
    return simulation.reply;
  }

  async function respond(request: HttpRequest, outgoing: ServerResponse): Promise<void> {
    try {
      const { status, headers, body } = await answer(request);
      outgoing.writeHead(status, [...headers.flat(), 'Content-Length', String(body.length)]);
      outgoing.end(status === 204 ? undefined : body);
    } catch (error) {
      // The SDK sees a broken connection, and the test fails on it.
      outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const [path = '', query] = (incoming.url ?? '').split('?', 2);
      const raw = incoming.rawHeaders;
      void respond({
        kind: 'http', method: incoming.method ?? '', scheme: 'https', authority: { host, port: 443 }, path, query: query ?? null, version: '1.1',
        headers: Array.from({ length: raw.length / 2 }, (_, index) => [raw[index * 2]!, raw[index * 2 + 1]!] as const), trailers: [], body: Buffer.concat(chunks),
      }, outgoing);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    callbacks,
    refuse: (why) => { refusal = why; },
    async choose(url, choice) {
      const [, kind = '', id = ''] = /\/pay\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
      pages += 1;
      const context = kept.context({ now, call: 1_000_000 + pages });
      const page = await provider.hosted!.show({ kind, id }, context);
      if (!page?.choices.includes(choice)) throw new Error(`${url} offers ${page?.choices.join(', ') ?? 'nothing: there is no such page'}`);
      const chosen = (await provider.hosted!.choose({ kind, id }, choice, context))!;
      kept.keep(chosen.remember ?? []);
      callbacks.push(...chosen.callbacks ?? []);
      return chosen;
    },
    pass: (ms) => { now += ms; },
    close: () => new Promise((resolve, reject) => {
      server.close((error) => { if (error === undefined) resolve(); else reject(error); });
      server.closeAllConnections();
    }),
  };
}
