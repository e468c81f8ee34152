import type { HttpResponse } from '../../model/exchange.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { field } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { invalid } from './errors.ts';
import { operation } from './operation.ts';
import type { Work } from './operation.ts';
import { textOf } from './parameters.ts';
import { merchantOf, under } from './place.ts';
import { customerOf } from './vault.ts';
import { xmlReply } from './xml-reply.ts';

const known = ['version', 'customer_id', 'payment_method_id', 'merchant_account_id', 'options', 'domains', 'address_id', 'proxy_merchant_id', 'sepa_mandate_type'];

/** What a browser is given: a JSON text in base64. Its fingerprint opens nothing at Braintree. */
export function clientToken(context: Pick<SimulationContext, 'id'>, merchant: string, version: string): string {
  const api = `https://api.sandbox.braintreegateway.com:443/merchants/${merchant}/client_api`;
  const json = JSON.stringify({
    version: Number(version), authorizationFingerprint: `${context.id('', { length: 64, alphabet: 'hex' })}|created_by=fourthwall&merchant_id=${merchant}`, configUrl: `${api}/v1/configuration`, clientApiUrl: api,
    environment: 'sandbox', merchantId: merchant, assetsUrl: 'https://assets.braintreegateway.com', authUrl: 'https://auth.venmo.sandbox.braintreegateway.com', challenges: [], threeDSecureEnabled: true, paypalEnabled: true,
  });
  return version === '1' ? json : Buffer.from(json, 'utf8').toString('base64');
}

async function generate(work: Work): Promise<HttpResponse> {
  const version = textOf(field(work.body, 'version')) ?? '2';
  if (!['1', '2', '3'].includes(version)) throw invalid('client_token', 'version', '92806', 'Unsupported client token version');
  const customer = textOf(field(work.body, 'customer_id'));
  if (customer !== null && await customerOf(work, customer) === null) throw invalid('client_token', 'customer_id', '92804', 'Customer specified by customer_id does not exist');
  return xmlReply(201, 'client_token', { value: clientToken(work.context, merchantOf(work.request), version) });
}

export const clientTokenRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: under('client_token'), operation: 'clientToken.generate', root: 'client_token', optional: true, run: generate,
    check: (body) => Object.keys(body).every((name) => known.includes(name)) ? null : 'a field that a client token is not known to have',
  }),
];
