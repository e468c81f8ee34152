import type { Liveness } from '../../model/side-effect.ts';
import type { HttpRequest } from '../../model/exchange.ts';

/** Keys say nothing of what they are for: the host does. */
const places: Readonly<Record<string, Liveness>> = { 'api.authorize.net': 'live', 'api2.authorize.net': 'live', 'apitest.authorize.net': 'test' };

export const hosts: readonly string[] = Object.keys(places);
export const path = '/xml/v1/request.api';

export function livenessOf({ authority }: Pick<HttpRequest, 'authority'>): Liveness {
  return places[authority.host] ?? 'unknown';
}
