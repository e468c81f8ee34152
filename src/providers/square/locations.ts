import type { JsonObject } from '../wire/json.ts';
import type { JsonRoute } from '../wire/json-api.ts';
import { idIn, operation } from './operation.ts';
import type { Work } from './operation.ts';

export const locationRoutes: readonly JsonRoute[] = [
  operation({ method: 'GET', path: /^\/v2\/locations$/, operation: 'locations.list', run: async (work) => ({ body: { locations: [location(work, work.location)] } }) }),
  // whatever location the application is set up with is one
  operation({
    method: 'GET', path: idIn('/v2/locations'), operation: 'locations.get',
    run: async (work) => ({ body: { location: location(work, work.call.ids[0] === 'main' ? work.location : work.call.ids[0]!) } }),
  }),
];

function location({ merchant }: Work, id: string): JsonObject {
  return {
    id, name: 'Staging', address: { address_line_1: '1 Example Street', locality: 'San Francisco', administrative_district_level_1: 'CA', postal_code: '94103', country: 'US' },
    timezone: 'America/Los_Angeles', capabilities: ['CREDIT_CARD_PROCESSING', 'AUTOMATIC_TRANSFERS'], status: 'ACTIVE', created_at: '2020-01-01T00:00:00Z', merchant_id: merchant,
    country: 'US', language_code: 'en-US', currency: 'USD', business_name: 'Staging', type: 'PHYSICAL',
  };
}
