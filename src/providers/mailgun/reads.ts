import { parseEmailAddress } from '../../model/address/email-address.ts';
import { jsonReply } from '../wire/reply.ts';
import { pageOf } from './event-log.ts';
import { domainName, failure, queried } from './route.ts';
import type { Call, Route } from './route.ts';

/**
 * Calls that only ask. What they list is what was remembered (or seeded by a test) under the kind named here, for the domain
 * asked about; a domain nobody spoke of is an active one.
 */
export const readRoutes: readonly Route[] = [
  read(/^\/v[34]\/domains$/, 'domains.list', async ({ context }) => {
    const items = (await context.list('domain', { limit: 1000 })).items.map(({ value }) => value);
    return { items, total_count: items.length };
  }),
  read(new RegExp(`^/v[34]/domains/${domainName}$`), 'domains.get', async ({ ids: [name = ''], context }) => ({
    domain: (await context.recall('domain', name))?.value ?? activeDomain(name), receiving_dns_records: [], sending_dns_records: [],
  })),
  read(new RegExp(`^/v3/domains/${domainName}/tracking$`), 'domains.tracking', async () => ({
    tracking: { click: { active: false }, open: { active: false }, unsubscribe: { active: false, html_footer: '', text_footer: '' } },
  })),
  read(new RegExp(`^/v3/domains/${domainName}/connection$`), 'domains.connection', async () => ({ require_tls: false, skip_verification: false })),
  read(new RegExp(`^/v3/domains/${domainName}/sending_queues$`), 'domains.sending_queues', async () => ({ regular: { is_disabled: false }, scheduled: { is_disabled: false } })),
  read(new RegExp(`^/v3/domains/${domainName}/webhooks$`), 'webhooks.list', async (call) => {
    const known = await listed(call, 'webhook');
    return { webhooks: Object.fromEntries(known.map((each) => [String((each as { readonly id?: unknown }).id), each])) };
  }),
  read(new RegExp(`^/v3/domains/${domainName}/credentials$`), 'domains.credentials', async (call) => {
    const items = await listed(call, 'credential');
    return { items, total_count: items.length };
  }),
  read(new RegExp(`^/v3/${domainName}/templates$`), 'templates.list', async (call) => pageOf(call, await listed(call, 'template'))),
  {
    method: 'GET', path: new RegExp(`^/v3/${domainName}/templates/([^/]+)$`), operation: 'templates.get',
    answer: async ({ ids: [domain = '', name = ''], context }) => {
      const known = await context.recall('template', `${domain} ${name}`);
      return known === null ? failure(404, 'template not found') : { reply: jsonReply(200, { template: known.value }) };
    },
  },
  read(new RegExp(`^/v3/${domainName}/tags$`), 'tags.list', async (call) => pageOf(call, await listed(call, 'tag'))),
  read(/^\/v3\/routes$/, 'routes.list', async ({ context }) => {
    const items = (await context.list('route', { limit: 1000 })).items.map(({ value }) => value);
    return { items, total_count: items.length };
  }),
  read(/^\/v3\/lists\/pages$/, 'lists.list', async (call) => pageOf(call, (await call.context.list('list', { limit: 1000 })).items.map(({ value }) => value))),
  read(/^\/v3\/ips$/, 'ips.list', async () => ({ items: [], total_count: 0 })),
  {
    method: 'GET', path: /^\/v4\/address\/validate$/, operation: 'address.validate',
    answer: async ({ query }) => {
      const address = queried(query, 'address');
      return address === null ? failure(400, 'address parameter is missing') : { reply: jsonReply(200, verdict(address)) };
    },
  },
];

function read(path: RegExp, operation: string, body: (call: Call) => Promise<unknown>): Route {
  return { method: 'GET', path, operation, answer: async (call) => ({ reply: jsonReply(200, await body(call)) }) };
}

async function listed({ ids: [domain = ''], context }: Call, kind: string): Promise<readonly unknown[]> {
  return (await context.list(kind, { where: { domain }, limit: 1000 })).items.map(({ value }) => value);
}

function activeDomain(name: string): unknown {
  return {
    id: '000000000000000000000000', name, state: 'active', type: /^sandbox[0-9a-f]{32}\.mailgun\.org$/.test(name) ? 'sandbox' : 'custom', created_at: 'Thu, 01 Jan 2026 00:00:00 GMT',
    is_disabled: false, require_tls: false, skip_verification: false, wildcard: false, spam_action: 'disabled', smtp_login: `postmaster@${name}`,
    web_prefix: 'email', web_scheme: 'https', use_automatic_sender_security: false,
  };
}

/** A verdict from the grammar alone: nobody is asked, nothing is sent. */
function verdict(address: string): unknown {
  const parsed = parseEmailAddress(address);
  const valid = parsed.kind === 'address';
  return {
    address, is_disposable_address: false, is_role_address: valid && /^(?:abuse|admin|contact|help|hostmaster|info|noreply|postmaster|sales|support|webmaster)$/i.test(parsed.local),
    reason: valid ? [] : ['malformed address; missing @ sign or other syntax error'], result: valid ? 'deliverable' : 'undeliverable', risk: valid ? 'low' : 'high',
  };
}
