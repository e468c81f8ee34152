import { invalid, notFound } from '../errors.ts';
import { listPage, pageParams } from '../list.ts';
import { or } from '../object.ts';
import type { StripeObject } from '../object.ts';
import type { JsonObject } from '../../wire/json.ts';
import { ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import { flag, mergeMetadata, metadata, required, text, words } from '../params.ts';
import type { Optional } from '../params.ts';
import type { Work } from '../work.ts';

interface WebhookEndpoint extends StripeObject {
  readonly metadata: JsonObject;
}

const address: Optional<string> = (value, name) => {
  const url = text(value, name);
  if (typeof url === 'string' && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw invalid('Invalid URL: An explicit scheme (such as https) must be provided.', { code: 'url_invalid', param: name });
  }
  return url;
};

/** '*' or whole names: Stripe takes no 'charge.*' here. */
const eventNames: Optional<readonly string[]> = (value, name) => {
  const names = words(value, name);
  const at = names?.findIndex((event) => !/^(?:\*|[a-z0-9_]+(?:\.[a-z0-9_]+)+)$/.test(event)) ?? -1;
  if (names && at >= 0) throw invalid(`Invalid ${name}[${at}]: ${names[at]!} is no type of event`, { param: `${name}[${at}]` });
  return names;
};

async function pathEndpoint(work: Work): Promise<WebhookEndpoint> {
  const endpoint = await work.find<WebhookEndpoint>('webhook_endpoint', work.ids[0]!);
  if (endpoint === null || endpoint['deleted'] === true) throw notFound('webhook endpoint', work.ids[0]!, 'id');
  return endpoint;
}

/**
 * Kept and shown, and nothing more: events go to the webhook 'stripe' of gateway.yaml whether or not an endpoint was registered, so
 * that one which is registered and configured is not told twice. They are signed with the secret of gateway.yaml; that is not
 * known here, so none is shown.
 */
export const webhookEndpoints: Family = {
  kind: 'webhook_endpoint',
  prefix: 'we_',
  index: () => ({}),
  operations: {
    'webhook_endpoints.create': operation({ api_version: text, connect: flag, description: text, enabled_events: required(eventNames), metadata, url: required(address) }, async (given, work) => {
      const endpoint: WebhookEndpoint = {
        id: work.id('we_1', 23), object: 'webhook_endpoint', api_version: given.api_version ?? null, application: null, created: work.now, description: given.description ?? null,
        enabled_events: given.enabled_events, livemode: work.livemode, metadata: mergeMetadata({}, given.metadata), status: 'enabled', url: given.url,
      };
      work.save(endpoint);
      return ok(endpoint);
    }),
    'webhook_endpoints.retrieve': operation({}, async (_, work) => ok(await pathEndpoint(work))),
    'webhook_endpoints.update': operation({ description: text, disabled: flag, enabled_events: eventNames, metadata, url: address }, async (given, work) => {
      const before = await pathEndpoint(work);
      const after: WebhookEndpoint = {
        ...before, description: or(given.description, before['description']!), enabled_events: given.enabled_events ?? before['enabled_events']!, metadata: mergeMetadata(before.metadata, given.metadata),
        status: typeof given.disabled === 'boolean' ? given.disabled ? 'disabled' : 'enabled' : before['status']!, url: given.url ?? before['url']!,
      };
      work.save(after);
      return ok(after);
    }),
    'webhook_endpoints.delete': operation({}, async (_, work) => {
      const { id } = await pathEndpoint(work);
      const gone = { id, object: 'webhook_endpoint', deleted: true } as const;
      work.save(gone);
      return ok(gone);
    }),
    'webhook_endpoints.list': operation({ ...pageParams }, async (given, work) => ok(await listPage(work, {
      kind: 'webhook_endpoint', noun: 'webhook endpoint', url: '/v1/webhook_endpoints', page: given, keep: (endpoint) => endpoint['deleted'] !== true,
    }))),
  },
};
