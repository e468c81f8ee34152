import type { CallbackDraft, HttpProvider, SimulationContext } from '../../src/model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
import type { Chosen, HostedPage, PageSubject, PayerChoice } from '../../src/model/hosted-page.ts';
import { fixedNow, memory } from './simulation-context.ts';

export interface Spoken {
  readonly request: HttpRequest;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  // JSON of any shape, looked at by tests only
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly reply: HttpResponse;
}

/** Calls of one caller to one provider, one after the other, with what is remembered in between. */
export function teller(provider: HttpProvider, host: string, headers: HttpRequest['headers']) {
  const kept = memory();
  const callbacks: CallbackDraft[] = [];
  let now = fixedNow;
  let calls = 0;
  let declined: SimulationContext['declined'] = null;
  let unknownIds: SimulationContext['unknownIds'] = 'not-found';
  return {
    callbacks,
    pass(ms: number): void { now += ms; },
    /** from now on the payer's bank declines (or not any more: null) */
    decline(by: SimulationContext['declined']): void { declined = by; },
    /** what the payer sees who follows a URL of `context.page` */
    async visit(url: string): Promise<HostedPage | null> {
      return provider.hosted!.show(subjectOf(url), kept.context({ now, call: calls }));
    },
    async choose(url: string, choice: PayerChoice): Promise<Chosen | null> {
      calls += 1;
      const chosen = await provider.hosted!.choose(subjectOf(url), choice, kept.context({ now, call: calls }));
      kept.keep(chosen?.remember ?? []);
      callbacks.push(...chosen?.callbacks ?? []);
      return chosen;
    },
    /** from now on ids that are not remembered are made up for */
    adopt(): void { unknownIds = 'adopt'; },
    /** an object as config/seeds would have it */
    seed(kind: string, id: string, value: unknown): void {
      kept.keep([{ kind, id, expectVersion: 0, ...provider.seed!(kind, id, value) }]);
    },
    async say(method: string, target: string, body: unknown = null, more: HttpRequest['headers'] = []): Promise<Spoken> {
      const [path = '', query] = target.split('?', 2);
      const bytes = body === null ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const type: HttpRequest['headers'] = body === null ? [] : [['Content-Type', typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json']];
      const request: HttpRequest = { kind: 'http', method, scheme: 'https', authority: { host, port: 443 }, path, query: query ?? null, version: '1.1', headers: [...headers, ...type, ...more], trailers: [], body: bytes };
      const decoded = provider.decode(request);
      if (decoded.kind === 'unrecognized') throw new Error(decoded.why);
      calls += 1;
      const { reply, remember = [], callbacks: told = [] } = await provider.simulate(request, decoded, kept.context({ now, call: calls, declined, unknownIds }));
      kept.keep(remember);
      callbacks.push(...told);
      const text = Buffer.from(reply.body).toString('utf8');
      return { request, status: reply.status, headers: reply.headers, body: text === '' ? null : JSON.parse(text) as unknown, reply };
    },
    /** what a call that was decoded comes to once its provider has looked at what it remembers */
    recalled(request: HttpRequest): Promise<Decoded> {
      return provider.recalled!(request, provider.decode(request), kept.context());
    },
    async happen(name: string, to: Spoken, facts: { readonly recipient?: string; readonly detail?: string } = {}): Promise<readonly CallbackDraft[]> {
      calls += 1;
      const { remember = [], callbacks: told = [] } = await provider.later!({ name, recipient: facts.recipient ?? null, detail: facts.detail ?? null }, { request: to.request, decoded: provider.decode(to.request), reply: to.reply }, kept.context({ now, call: calls }));
      kept.keep(remember);
      callbacks.push(...told);
      return told;
    },
  };
}

/** The page's URL as memory() makes it. */
function subjectOf(url: string): PageSubject {
  const [, kind = '', id = ''] = /\/pay\/([^/]+)\/([^/]+)$/.exec(url) ?? [];
  return { kind, id };
}
