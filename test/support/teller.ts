import type { CallbackDraft, HttpProvider } from '../../src/model/provider.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts';
import type { Decoded } from '../../src/model/side-effect.ts';
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
  return {
    callbacks,
    pass(ms: number): void { now += ms; },
    async say(method: string, target: string, body: unknown = null, more: HttpRequest['headers'] = []): Promise<Spoken> {
      const [path = '', query] = target.split('?', 2);
      const bytes = body === null ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const type: HttpRequest['headers'] = body === null ? [] : [['Content-Type', typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json']];
      const request: HttpRequest = { kind: 'http', method, scheme: 'https', authority: { host, port: 443 }, path, query: query ?? null, version: '1.1', headers: [...headers, ...type, ...more], trailers: [], body: bytes };
      const decoded = provider.decode(request);
      if (decoded.kind === 'unrecognized') throw new Error(decoded.why);
      calls += 1;
      const { reply, remember = [], callbacks: told = [] } = await provider.simulate(request, decoded, kept.context({ now, call: calls }));
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
