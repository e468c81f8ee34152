import type { HttpRequest } from '../model/exchange.ts';
import { parseAuthority } from '../model/host.ts';
import type { HttpProvider } from '../model/provider.ts';
import type { Addressee, Recipient, RecipientKind } from '../model/recipient.ts';
import type { Channel, Decoded, SideEffect } from '../model/side-effect.ts';
import { channels } from '../model/side-effect.ts';
import { explain } from '../policy/explain.ts';
import type { Explanation as ExplainedRule } from '../policy/explain.ts';
import type { DecisionInput } from '../policy/input.ts';
import { judgeDecoded } from '../policy/judge-decoded.ts';
import type { LoadedPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { problemText } from '../policy/problem.ts';
import { PolicyRefused } from './dependencies.ts';
import type { DescribedCall, Explanation } from './dependencies.ts';
import { badInput } from './problem.ts';

export interface Explaining {
  readonly policy: () => Policy;
  /** of a draft; with the providers and variables of this gateway */
  readonly load: (text: string) => LoadedPolicy;
  readonly claim: (host: string, port: number) => Pick<HttpProvider, 'name' | 'channels' | 'decode'> | null;
  readonly providers: readonly { readonly name: string; readonly channels: readonly Channel[] }[];
  /** ids of the findings that the gateway would have before its decision */
  readonly findings: (decoded: Decoded<Recipient>, request: HttpRequest | null) => readonly string[];
}

/** Decides a described call as the gateway would decide the real one: the same decoding, judging and deciding. */
export function explainer({ policy, load, claim, providers, findings }: Explaining): (call: DescribedCall, draft: string | null) => Promise<Explanation> {
  return async (call, draft) => {
    const rules = draft === null ? policy() : loaded(load(draft));
    const { decoded, provider, target, request } = understood(call, claim, providers);
    const judged = judgeDecoded(rules.safe, decoded);
    const input: DecisionInput = {
      stage: 'whole', run: call.run, target, provider, decoded: judged, findings: [...findings(judged, request), ...call.findings ?? []], facts: { tripped: null },
      origin: { space: call.space, service: call.service, run: call.run, trace: null, address: '127.0.0.1', via: 'api' },
    };
    const { decision, trace } = explain(rules, input);
    if (!('action' in decision)) throw new Error('a whole call was left undecided');
    const recipients: readonly Recipient[] = judged.kind === 'effects' ? judged.effects.flatMap((effect) => effect.recipients) : [];
    return {
      // no more of it: in the plan and the reply stands what came of ${NAME}, credentials included
      decision: { action: decision.action, rule: decision.rule, reason: decision.reason },
      text: [
        `${decision.action} by ${decision.rule}: ${decision.reason}`,
        ...judged.kind === 'unrecognized' ? [`not understood: ${judged.why}`] : [],
        ...recipients.map(({ address, standing, why }) => `${address} is ${standing}: ${why}`),
        ...trace.map(({ rule, sentence, matched, mode, won, conditions }) =>
          `${won ? '->' : '  '} ${rule}${mode === 'report' ? ' (report only)' : ''} ${matched === true ? 'matches' : 'does not match'}: ${sentence}${failing(conditions)}`),
      ].join('\n'),
      provider: provider?.name ?? null,
      recipients: recipients.map(({ address, standing, why }) => ({ address, standing, why })),
    };
  };
}

/** Of several conditions, those that do not hold. */
function failing(conditions: ExplainedRule['trace'][number]['conditions']): string {
  const not = conditions.filter(({ holds }) => holds !== true).map(({ sentence }) => sentence);
  return conditions.length < 2 || not.length === 0 ? '' : ` (not so: ${not.join('; ')})`;
}

/** The compiled policy, or PolicyRefused with everything that is wrong with it. */
export function loaded(result: LoadedPolicy): Policy {
  if (result.kind === 'policy') return result.policy;
  throw new PolicyRefused(result.problems.map((problem) => ({ line: problem.line, column: problem.column, message: problemText(problem) })));
}

type Understood = Pick<DecisionInput, 'provider' | 'target'> & { readonly decoded: Decoded; readonly request: HttpRequest | null };

function understood(call: DescribedCall, claim: Explaining['claim'], providers: Explaining['providers']): Understood {
  const meaning = call.channel !== null || call.recipients.length > 0 || call.operation !== null || call.liveness !== null;
  if (call.url === null) {
    const provider = named(call.provider ?? 'smtp', providers);
    return { provider, target: null, decoded: described(call, provider), request: null };
  }
  const request = requestOf(call, call.url);
  const { scheme, authority: { host, port }, method, path } = request;
  const target = { scheme, host, port, method, path };
  const provider = claim(host, port);
  if (call.provider !== null && call.provider !== provider?.name) throw badInput('provider', `${host} is ${provider === null ? 'nobody\'s' : `${provider.name}'s`}, not ${call.provider}'s`);
  if (provider === null) return { provider: null, target, request, decoded: { kind: 'unrecognized', why: `no provider claims ${host}:${port}` } };
  return { provider: { name: provider.name, channels: provider.channels }, target, request, decoded: meaning ? described(call, provider) : read(provider, request) };
}

/** As in the gateway: a provider that fails has understood nothing. */
function read(provider: Pick<HttpProvider, 'name' | 'decode'>, request: HttpRequest): Decoded {
  try {
    return provider.decode(request);
  } catch (error) {
    return { kind: 'unrecognized', why: `${provider.name} failed to read it: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function named(name: string, providers: Explaining['providers']): Explaining['providers'][number] {
  const provider = providers.find((one) => one.name === name);
  if (provider === undefined) throw badInput('provider', `unknown provider ${JSON.stringify(name)}; known are ${providers.map((one) => one.name).join(', ')}`);
  return provider;
}

function requestOf(call: DescribedCall, text: string): HttpRequest {
  const [, scheme, authority = '', path = '', query] = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?$/.exec(text) ?? [];
  const parsed = parseAuthority(authority, scheme === 'http' ? 80 : 443);
  if ((scheme !== 'http' && scheme !== 'https') || parsed.kind === 'invalid') throw badInput('url', `${JSON.stringify(text)} is not https://host/path`);
  return {
    kind: 'http', method: call.method, scheme, authority: { host: parsed.host, port: parsed.port }, path: path === '' ? '/' : path, query: query ?? null,
    version: '1.1', headers: call.headers, trailers: [], body: Buffer.from(call.body ?? '', 'utf8'),
  };
}

/** One effect with what was said of it; what was not said is unknown. */
function described(call: DescribedCall, provider: { readonly name: string; readonly channels: readonly Channel[] }): Decoded {
  const channel = channels.find((known) => known === call.channel) ?? provider.channels[0];
  if (channel === undefined) throw badInput('channel', `say which: ${channels.join(', ')}`);
  const base = {
    provider: provider.name, operation: call.operation ?? 'described', liveness: call.liveness ?? 'unknown', keys: [],
    recipients: call.recipients.map(({ address, kind }): Addressee => ({ address, kind: kind ?? kindOf(address), role: 'to' })),
  } as const;
  return { kind: 'effects', effects: [effectOf(channel, base)] };
}

function effectOf(channel: Channel, base: Pick<SideEffect, 'provider' | 'operation' | 'liveness' | 'keys' | 'recipients'>): SideEffect {
  switch (channel) {
    case 'email': return { ...base, channel, from: null, subject: null, text: null, html: null, attachments: [], template: null };
    case 'sms': return { ...base, channel, from: null, text: null, media: [], template: null };
    case 'voice': return { ...base, channel, from: null, script: null };
    case 'push': return { ...base, channel, title: null, text: null, data: null };
    case 'chat': return { ...base, channel, from: null, text: null, attachments: [] };
    case 'payment': return { ...base, channel, amount: null, movesMoney: true, customer: null, method: null, object: null, description: null };
    case 'verification': return { ...base, channel, by: null, code: null };
  }
}

function kindOf(address: string): RecipientKind {
  if (address.includes('@')) return 'email';
  return /^\+?[\d ().-]+$/.test(address) ? 'phone' : 'audience';
}
