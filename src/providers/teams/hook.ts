import { createHash } from 'node:crypto';
import type { HttpRequest } from '../../model/exchange.ts';
import { bearer } from '../wire/credential.ts';
import { formAll, parseQuery } from '../wire/form.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** A webhook as it may be called by name: whoever knows the name cannot post to it. */
export interface Hook {
  readonly kind: 'connector' | 'workflow';
  readonly name: string;
  /** a workflow asks for the signature of its address, or for a token of the tenant's */
  readonly signed: boolean;
}

const guid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
/** team@tenant, the connector (which is the secret), its owner, and for some a token. */
const connector = new RegExp(`^/webhookb2/(${guid}@${guid})/IncomingWebhook/([0-9a-zA-Z]{32})/${guid}(?:/V2[A-Za-z0-9_-]{1,200})?$`);
const workflow = /^(?:\/powerautomate\/automations\/direct)?\/workflows\/([0-9a-f]{32})\/triggers\/[A-Za-z0-9_-]{1,80}\/paths\/invoke$/;
/** What a shared access signature of a workflow consists of. */
const signature: readonly string[] = ['api-version', 'sp', 'sv', 'sig'];

/** https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook */
export function hookOf(request: HttpRequest): Hook | Unread {
  const { authority: { host }, path } = request;
  if (host.endsWith('.webhook.office.com')) {
    const found = connector.exec(path);
    if (found === null || request.query !== null) return unreadable('this is not the address of an incoming webhook');
    // Two webhooks of one team differ in the secret alone: what stands for it tells them apart, and opens neither.
    return { kind: 'connector', name: `${host.split('.')[0]}/${found[1]!.toLowerCase()}/${createHash('sha256').update(found[2]!.toLowerCase()).digest('hex').slice(0, 12)}`, signed: true };
  }
  const found = workflow.exec(path);
  if (found === null) return unreadable('this is not the address of a workflow');
  const query = parseQuery(request.query);
  if (query.kind === 'unreadable') return query;
  const names = query.fields.map(([name]) => name);
  if (names.some((name) => !signature.includes(name)) || new Set(names).size < names.length) return unreadable('its query is not the signature of a workflow alone');
  return { kind: 'workflow', name: `${host}/workflows/${found[1]}`, signed: (formAll(query.fields, 'sig')[0] ?? '') !== '' || bearer(request.headers) !== null };
}
