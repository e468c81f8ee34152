import type { HttpRequest } from '../../model/exchange.ts';
import type { Liveness } from '../../model/side-effect.ts';
import { isBodiless, jsonBody } from '../wire/body.ts';
import { bearer } from '../wire/credential.ts';
import { parseQuery } from '../wire/form.ts';
import { asObject, field } from '../wire/json.ts';

/** An API key says what it is for; with an OAuth token the parameter `testmode` does. https://docs.mollie.com/reference/authentication */
export function livenessOf(request: HttpRequest): Liveness {
  const token = bearer(request.headers) ?? '';
  if (/^live_[A-Za-z0-9]+$/.test(token)) return 'live';
  if (/^test_[A-Za-z0-9]+$/.test(token)) return 'test';
  if (!/^access_[A-Za-z0-9]+$/.test(token)) return 'unknown';
  const asked = testmode(request);
  return asked === undefined ? 'live' : asked === true || asked === 'true' ? 'test' : 'unknown';
}

/** In the query of a read, in the body of anything else. */
function testmode(request: HttpRequest): unknown {
  if (request.method === 'GET') {
    const query = parseQuery(request.query);
    const given = query.kind === 'form' ? query.fields.filter(([name]) => name === 'testmode') : [];
    return given.length > 1 ? null : given[0]?.[1];
  }
  const body = isBodiless(request) ? null : jsonBody(request);
  return body?.kind === 'json' ? field(asObject(body.value), 'testmode') : undefined;
}

export function accountOf(request: HttpRequest): string | null {
  const token = bearer(request.headers);
  return token === null ? null : `${livenessOf(request)}/${token}`;
}
