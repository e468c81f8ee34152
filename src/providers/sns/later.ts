import type { HttpRequest, HttpResponse } from '../../model/exchange.ts';
import type { Consequences, LaterEvent, PastCall, Remember, SimulationContext } from '../../model/provider.ts';
import { keep } from './endpoints.ts';
import type { StoredEndpoint } from './endpoints.ts';
import { endpointName } from './parts.ts';

/** SNS tells no application of them: they show in the answer to the next call. */
export const events = ['OptedOut', 'EndpointDisabled'] as const;

/** Somebody answered STOP, or a device's token is no longer valid. */
export async function whatFollows(event: LaterEvent, { decoded, reply }: PastCall<HttpRequest, HttpResponse>, context: SimulationContext): Promise<Consequences> {
  if (decoded.kind !== 'effects' || reply.status !== 200) return {};
  const kind = event.name === 'OptedOut' ? 'phone' : 'device';
  const reached = decoded.effects.flatMap(({ recipients }) => recipients).filter((each) => each.kind === kind && (event.recipient === null || event.recipient === each.address));
  const remember: Remember[] = [];
  for (const address of new Set(reached.map((each) => each.address))) {
    const known = await context.recall(kind === 'phone' ? 'opted-out' : 'endpoint', address);
    if (kind === 'device') {
      const application = `${address.split(':endpoint/')[0]}:app/${endpointName(address)?.platform}/${endpointName(address)?.application}`;
      const stored = known?.value as StoredEndpoint | undefined ?? { application, deviceToken: null, attributes: {} };
      remember.push(...keep(address, { ...stored, attributes: { ...stored.attributes, Enabled: 'false' } }, known?.version ?? 0).remember);
    } else if (known === null) remember.push({ kind: 'opted-out', id: address, expectVersion: 0, value: { at: context.now } });
  }
  return { remember };
}
