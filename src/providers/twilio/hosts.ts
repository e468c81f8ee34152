import type { ProviderHost } from '../../model/provider.ts';

/** First labels of Twilio's API hosts, as its Node SDK names them (lib/rest/*Base). email.twilio.com is SendGrid's. */
const products = [
  'accounts', 'api', 'bulkexports', 'chat', 'content', 'conversations', 'events', 'flex-api', 'frontline-api', 'iam', 'insights',
  'intelligence', 'ip-messaging', 'knowledge', 'lookups', 'marketplace', 'memory', 'messaging', 'monitor', 'notify', 'numbers', 'oauth',
  'preview', 'preview.messaging', 'pricing', 'proxy', 'routes', 'serverless', 'studio', 'supersim', 'sync', 'taskrouter', 'trunking',
  'trusthub', 'verify', 'video', 'voice', 'wireless',
];
const regions = ['us1', 'ie1', 'au1', 'jp1', 'sg1', 'br1', 'de1', 'in1'];
const edges = ['ashburn', 'dublin', 'frankfurt', 'roaming', 'sao-paulo', 'singapore', 'sydney', 'tokyo', 'umatilla'];

/** product.twilio.com, product.region.twilio.com, product.edge.region.twilio.com (SDK BaseTwilio.getHostname) */
export const hosts: readonly ProviderHost[] = [
  ...products.map((product) => ({ host: `${product}.twilio.com` })),
  ...regions.flatMap((region) => [
    { host: `*.${region}.twilio.com` },
    ...edges.map((edge) => ({ host: `*.${edge}.${region}.twilio.com` })),
  ]),
];

/** 'api' of api.dublin.ie1.twilio.com */
export function productOf(host: string): string {
  return host.startsWith('preview.messaging.') ? 'preview.messaging' : host.slice(0, host.indexOf('.'));
}
