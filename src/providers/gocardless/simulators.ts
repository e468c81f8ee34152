import type { JsonRoute } from '../wire/json-api.ts';
import { unreadable } from '../wire/unread.ts';
import { invalid, misuse, wrongState } from './errors.ts';
import { happens } from './later.ts';
import { linkOf } from './objects.ts';
import { operation } from './operation.ts';
import { livenessOf } from './place.ts';

/** The sandbox's scenario simulators that are simulated: what each lets happen. https://developer.gocardless.com/api-reference/#scenario-simulators-scenario-simulators */
const scenarios: Readonly<Record<string, readonly [resource: string, action: string]>> = {
  payment_submitted: ['payments', 'submitted'], payment_confirmed: ['payments', 'confirmed'], payment_paid_out: ['payments', 'paid_out'], payment_failed: ['payments', 'failed'], payment_late_failure: ['payments', 'failed'], payment_charged_back: ['payments', 'charged_back'],
  mandate_activated: ['mandates', 'active'], mandate_failed: ['mandates', 'failed'], mandate_expired: ['mandates', 'expired'], refund_paid: ['refunds', 'paid'], refund_bounced: ['refunds', 'failed'], refund_returned: ['refunds', 'funds_returned'],
  billing_request_fulfilled: ['billing_requests', 'fulfilled'],
};

export const simulatorRoutes: readonly JsonRoute[] = [
  operation({
    method: 'POST', path: /^\/scenario_simulators\/([a-z_]{1,60})\/actions\/run$/, operation: 'scenario_simulators.run',
    effect: (body, { ids, request }) => {
      if (livenessOf(request) !== 'test') return unreadable('scenario simulators are in the sandbox only');
      if (!Object.hasOwn(scenarios, ids[0]!)) return unreadable('this scenario is not simulated');
      return { object: linkOf(body, 'resource') };
    },
    run: async (work) => {
      const name = work.call.ids[0]!;
      const [resource, action] = scenarios[name] ?? ['', ''];
      if (resource === '') throw misuse(404, 'resource_not_found', 'Resource not found');
      const id = linkOf(work.body, 'resource');
      if (id === null) throw invalid('/data/links/resource', "can't be blank");
      if (!await happens(work, resource, action, id, null)) throw wrongState('scenario_simulator_invalid_state', 'The resource is not in a state in which this scenario can be run, or is not known');
      return { status: 200, body: { scenario_simulators: { id: name } } };
    },
  }),
];
