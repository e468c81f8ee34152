import type { Authority } from '../../model/exchange.ts';
import { redactCallback } from '../../store/redaction.ts';

/** A place that gateway.yaml lets callbacks go to. */
export interface Webhook { readonly url: string; readonly secret: string | null }
export type Webhooks = Readonly<Record<string, Webhook>>;

export type Resolved =
  /** `name`: of the webhook whose secret it is */
  | { readonly kind: 'to'; readonly url: URL; readonly name: string; readonly secret: string | null }
  /** `why`: one sentence, with the line of gateway.yaml that would let it go */
  | { readonly kind: 'nowhere'; readonly why: string };

/** `cut`: a secret was cut out of the target when it was recorded. */
export interface Aim { readonly target: string; readonly provider: string; readonly cut: boolean }

/**
 * Where a callback goes: to the webhook it names, or to the URL its call carried, and there only where a webhook has the same scheme,
 * host and port. Path and query may be the URL's own. Where several webhooks are at one place, the one with exactly that URL gives the secret, then
 * the one named like the provider.
 */
export function resolveTarget(webhooks: Webhooks, { target, provider, cut }: Aim): Resolved {
  const named = Object.hasOwn(webhooks, target) ? webhooks[target] : undefined;
  if (named !== undefined && target === provider) return { kind: 'to', url: new URL(named.url), name: target, secret: named.secret };
  // A call may carry any word where its vendor takes an address: it must not be signed with another vendor's secret.
  if (named !== undefined) return nowhere(`${JSON.stringify(target)} is no address, and the webhook of that name is none of ${provider}'s`);
  const url = URL.parse(target);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return nowhere(`gateway.yaml has no webhook ${JSON.stringify(target.slice(0, 100))}; what would let it go: webhooks: { ${shownName(target, provider)}: { url: "http://your-app/its-path", secret: "\${ITS_SECRET}" } }`);
  }
  const all = Object.entries(webhooks);
  const exact = all.find(([, webhook]) => webhook.url === target || (cut && redactCallback(webhook.url) === target));
  if (exact !== undefined) return { kind: 'to', url: new URL(exact[1].url), name: exact[0], secret: exact[1].secret };
  const line = `webhooks: { ${provider}: { url: "${url.origin}${url.pathname.slice(0, 200)}" } }`;
  if (url.username !== '' || url.password !== '') return nowhere('its address names a user, and none is ever sent; give the application one without');
  const there = all.filter(([, webhook]) => new URL(webhook.url).origin === url.origin);
  const chosen = there.find(([name]) => name === provider) ?? there[0];
  if (chosen === undefined) return nowhere(`no webhook of gateway.yaml is at ${url.origin}; what would let it go: ${line}`);
  if (cut) return nowhere(`its address carries a secret, which is never stored; what would let it go: the same address, secret and all, as \${VARIABLE}: webhooks: { ${provider}: { url: "\${${provider.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_WEBHOOK_URL}" } }`);
  url.hash = '';
  return { kind: 'to', url, name: chosen[0], secret: chosen[1].secret };
}

/** Every host and port that may be dialled for a callback. */
export function authoritiesOf(webhooks: Webhooks): readonly Authority[] {
  return Object.values(webhooks).map(({ url }) => authorityOf(new URL(url)));
}

export function authorityOf(url: URL): Authority {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
}

function nowhere(why: string): Resolved {
  return { kind: 'nowhere', why };
}

function shownName(target: string, provider: string): string {
  return /^[a-z0-9][a-z0-9._-]{0,62}$/.test(target) ? target : provider;
}
