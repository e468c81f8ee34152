import { PolicyRefused, type DescribedCall, type Explanation } from '../control/dependencies.ts';
import { findingsOfCall } from '../findings/from-call.ts';
import { parseAuthority } from '../model/host.ts';
import type { HttpRequest } from '../model/exchange.ts';
import type { HttpProvider, MailProvider } from '../model/provider.ts';
import type { Addressee } from '../model/recipient.ts';
import { channels, type Channel, type Decoded, type SideEffect } from '../model/side-effect.ts';
import { explain } from '../policy/explain.ts';
import { judgeDecoded } from '../policy/judge-decoded.ts';
import { loadPolicy } from '../policy/load.ts';
import type { Policy } from '../policy/policy.ts';
import { problemText } from '../policy/problem.ts';
import type { Claims } from '../providers/claims.ts';

/** Decides a call as a person describes it, by the same functions that decide a real one. Sends and records nothing. */
export function createExplainer({ claims, mail, providers, policy, env }: {
  readonly claims: Claims;
  readonly mail: MailProvider;
  readonly providers: readonly (HttpProvider | MailProvider)[];
  readonly policy: () => Policy;
  readonly env: Readonly<Record<string, string | undefined>>;
}): (call: DescribedCall, draft: string | null) => Promise<Explanation> {
  return async (call, draft) => {
    const under = draft === null ? policy() : drafted(draft);
    const request = requestOf(call);
    const claimed = request === null ? mail : claims.claim(request.authority.host, request.authority.port);
    const named = providers.find(({ name }) => name === call.provider) ?? claimed;
    const decoded = judgeDecoded(under.safe, meant(call, named) ?? (request === null || claimed === null || claimed === mail
      ? { kind: 'unrecognized', why: 'the description names neither a channel nor a call that a provider could read' }
      : (claimed as HttpProvider).decode(request)));
    const { decision, trace } = explain(under, {
      stage: 'whole',
      origin: { space: call.space, service: call.service, run: call.run, trace: null, address: '127.0.0.1', via: request === null ? 'smtp' : 'proxy' },
      run: call.run,
      target: request === null ? null : { scheme: request.scheme, host: request.authority.host, port: request.authority.port, method: request.method, path: request.path },
      provider: named === null ? null : { name: named.name, channels: named.channels },
      decoded,
      findings: findingsOfCall(decoded).map(({ id }) => id),
      facts: { tripped: null },
    });
    if (!('action' in decision)) throw new Error('a whole call was left undecided');
    return {
      decision,
      text: [
        `${decision.action} by ${decision.rule}: ${decision.reason}`,
        ...trace.map((step) => `${step.won ? '->' : '  '} ${step.rule} (${step.action}${step.mode === 'report' ? ', report only' : ''}): ${step.sentence}: ${step.matched === true ? 'matches' : 'does not match'}`),
      ].join('\n'),
      provider: named?.name ?? null,
      recipients: decoded.kind === 'effects'
        ? decoded.effects.flatMap((effect) => effect.recipients).map(({ address, standing, why }) => ({ address, standing, why })) : [],
    };
  };

  function drafted(text: string): Policy {
    const loaded = loadPolicy(text, { file: 'draft', env, providers });
    if (loaded.kind === 'policy') return loaded.policy;
    throw new PolicyRefused(loaded.problems.map((problem) => ({ line: problem.line || null, column: problem.column || null, message: problemText(problem) })));
  }
}

function requestOf(call: DescribedCall): HttpRequest | null {
  if (call.url === null) return null;
  const url = new URL(call.url);
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const authority = parseAuthority(url.host, scheme === 'http' ? 80 : 443);
  if (authority.kind === 'invalid') throw new PolicyRefused([{ line: null, column: null, message: `url: ${authority.why}` }]);
  return {
    kind: 'http', method: call.method, scheme, authority: { host: authority.host, port: authority.port }, path: url.pathname,
    query: url.search === '' ? null : url.search.slice(1), version: '1.1', headers: call.headers, trailers: [], body: Buffer.from(call.body ?? ''),
  };
}

/** The meaning as described, for calls that are described by what they mean and not by their bytes. */
function meant(call: DescribedCall, provider: HttpProvider | MailProvider | null): Decoded | null {
  const channel = channels.find((one) => one === call.channel) ?? (call.recipients.length > 0 ? provider?.channels[0] : undefined);
  if (channel === undefined || provider === null) return null;
  const recipients = call.recipients.map(({ address, kind }): Addressee => ({ address, kind: kind ?? (channel === 'email' || channel === 'payment' ? 'email' : 'phone'), role: 'to' }));
  return { kind: 'effects', effects: [effectOf(channel, { provider: provider.name, operation: call.operation ?? 'described', liveness: call.liveness ?? 'unknown', recipients, keys: [] })] };
}

function effectOf(channel: Channel, base: { readonly provider: string; readonly operation: string; readonly liveness: SideEffect['liveness']; readonly recipients: readonly Addressee[]; readonly keys: [] }): SideEffect {
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
