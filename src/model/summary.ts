import type { CaptureDraft, CaptureSummary } from './capture.ts';
import { moneyText } from './money.ts';
import type { Request } from './exchange.ts';
import type { Recipient } from './recipient.ts';
import type { Liveness, SideEffect } from './side-effect.ts';

/** What a list shows of a capture, as far as the draft alone tells it. Pure: every store computes the same. */
export type SummaryFields = Pick<CaptureSummary,
  'channel' | 'channels' | 'operation' | 'operations' | 'effectCount' | 'liveness' | 'from' | 'recipients' | 'title' | 'amount' |
  'codes' | 'links' | 'findings' | 'keys' | 'size' | 'space' | 'service' | 'trace' | 'protocol' | 'direction' | 'parent' |
  'provider' | 'action' | 'rule'> & { readonly host: string | null };

export function summarize(draft: CaptureDraft): SummaryFields {
  const effects = draft.decoded.kind === 'effects' ? draft.decoded.effects : [];
  const operations = draft.decoded.kind === 'read' ? [draft.decoded.operation] : distinct(effects.map((effect) => effect.operation));
  return {
    channel: draft.channels[0] ?? null,
    channels: draft.channels,
    operation: operations[0] ?? null,
    operations,
    effectCount: effects.length,
    liveness: livenessOf(draft),
    from: senderOf(draft, effects),
    recipients: recipientsOf(effects),
    title: titleOf(draft),
    amount: amountOf(effects),
    codes: distinct(effects.flatMap((effect) => (effect.channel === 'verification' && effect.code !== null ? [effect.code] : []))),
    links: [],
    findings: draft.findings,
    keys: draft.keys,
    size: requestSize(draft.request),
    space: draft.origin.space,
    service: draft.origin.service,
    trace: draft.origin.trace,
    protocol: draft.protocol,
    direction: draft.direction,
    parent: draft.parent,
    provider: draft.provider,
    action: draft.decision.action,
    rule: draft.decision.rule,
    host: hostOf(draft.request),
  };
}

/** The body of an HTTP request, the message of a mail, what arrived of something unreadable. */
export function requestBytes(request: Request): Uint8Array {
  switch (request.kind) {
    case 'http': return request.body;
    case 'mail': return request.message;
    case 'unreadable': return request.received;
    case 'connect': return new Uint8Array(0);
  }
}

/** Of a streamed body what passed, as far as it is known. */
export function requestSize(request: Request): number {
  return (request.kind === 'http' ? request.streamed?.size : null) ?? requestBytes(request).length;
}

/** One line, at most 200 characters, control characters taken out. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  const line = text.slice(0, 2_000).replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}

function titleOf(draft: CaptureDraft): string {
  const effect = draft.decoded.kind === 'effects' ? draft.decoded.effects[0] : undefined;
  const said = effect === undefined ? null : sayingOf(effect);
  return oneLine(said ?? '') || oneLine(effect?.operation ?? targetOf(draft.request));
}

/** What the effect says to the one it reaches; null where it says nothing of itself. */
function sayingOf(effect: SideEffect<Recipient>): string | null {
  switch (effect.channel) {
    case 'email': return effect.subject ?? (effect.template === null ? null : `template ${effect.template.id}`);
    case 'sms': return effect.text ?? (effect.template === null ? null : `template ${effect.template.id}`);
    case 'voice': return effect.script;
    case 'push': return [effect.title, effect.text].filter((part) => part !== null && part !== '').join(': ');
    case 'chat': return effect.text;
    case 'payment': {
      const money = effect.amount === null ? '' : `${moneyText(effect.amount)} `;
      return `${money}${effect.operation}${effect.method === null ? '' : `, ${effect.method}`}`;
    }
    case 'verification': return `verification${effect.by === null ? '' : ` by ${effect.by}`}${effect.code === null ? '' : `: ${effect.code}`}`;
  }
}

/** What was called, where there is no effect to speak of: 'POST host/path', 'CONNECT host:443', 'mail from a@b'. */
function targetOf(request: Request): string {
  switch (request.kind) {
    case 'http': return `${request.method} ${request.authority.port === (request.scheme === 'https' ? 443 : 80) ? request.authority.host : authorityText(request.authority)}${request.path}`;
    case 'connect': return `${request.via === 'sni' ? 'TLS' : 'CONNECT'} ${authorityText(request.authority)}`;
    case 'mail': return `mail from ${request.from.address === '' ? '<>' : request.from.address}`;
    case 'unreadable': return `unreadable ${request.protocol} ${authorityText(request.authority)}`;
  }
}

function authorityText(authority: { readonly host: string; readonly port: number } | null): string {
  if (authority === null) return '(no target)';
  return `${authority.host.includes(':') ? `[${authority.host}]` : authority.host}:${authority.port}`;
}

function hostOf(request: Request): string | null {
  return request.kind === 'mail' ? null : request.authority?.host ?? null;
}

/** Live beats unknown beats test: one live effect makes the call live. */
function livenessOf({ decoded }: CaptureDraft): Liveness {
  if (decoded.kind === 'read') return decoded.liveness;
  if (decoded.kind === 'unrecognized') return 'unknown';
  const all = decoded.effects.map((effect) => effect.liveness);
  if (all.includes('live')) return 'live';
  return all.length === 0 || all.includes('unknown') ? 'unknown' : 'test';
}

function senderOf(draft: CaptureDraft, effects: readonly SideEffect<Recipient>[]): string | null {
  const sender = effects.map((effect) => ('from' in effect ? effect.from : null)).find((from) => from !== null);
  if (sender !== undefined) return sender;
  return draft.request.kind === 'mail' && draft.request.from.address !== '' ? draft.request.from.address : null;
}

function recipientsOf(effects: readonly SideEffect<Recipient>[]): readonly Recipient[] {
  const seen = new Map<string, Recipient>();
  for (const recipient of effects.flatMap((effect) => effect.recipients)) {
    const name = JSON.stringify([recipient.kind, recipient.role, recipient.address]);
    if (!seen.has(name)) seen.set(name, recipient);
  }
  return [...seen.values()];
}

function amountOf(effects: readonly SideEffect<Recipient>[]): CaptureSummary['amount'] {
  const payments = effects.filter((effect) => effect.channel === 'payment');
  const chosen = payments.find((payment) => payment.movesMoney && payment.amount !== null) ?? payments.find((payment) => payment.amount !== null);
  const amount = chosen?.amount ?? null;
  return amount === null ? null : { ...amount, text: moneyText(amount) };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
