import { findRoute } from '../../../../src/providers/stripe/routes.ts';
import { desk } from '../desk.ts';
import type { Desk, Told } from '../desk.ts';
import { interfaceNames } from '../sdk-types.ts';
import type { Checked } from './checking.ts';

/** Calls, and whatever they showed: every object in an answer or an event, and which operations were answered well. */
export interface Harvest {
  readonly call: Desk;
  /** the objects by kind */
  readonly kinds: ReadonlyMap<string, readonly Checked[]>;
  readonly operations: ReadonlySet<string>;
}

const names = interfaceNames();

export function harvest(): Harvest {
  const at = desk();
  const kinds = new Map<string, Checked[]>();
  const operations = new Set<string>();

  const add = (kind: string, found: Checked): void => {
    (kinds.get(kind) ?? kinds.set(kind, []).get(kind)!).push(found);
  };

  const gather = (value: unknown, where: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { object: kind, deleted } = value as { readonly object?: unknown; readonly deleted?: unknown };
    if (typeof kind === 'string' && kind !== 'list' && kind !== 'search_result' && kind !== 'event') {
      const name = names.get(kind);
      const type = name === undefined ? 'never' : deleted === true ? `Stripe.${name.replace(/(\w+)$/, 'Deleted$1')}` : `Stripe.${name}`;
      add(kind, { name: `${kind} of ${where}`, type, shown: value });
    }
    for (const inner of Object.values(value)) gather(inner, where);
  };

  const listen = <T extends Told>(reply: T, cause: string): T => {
    for (const webhook of reply.webhooks) {
      const { data, ...envelope } = webhook;
      add('event', { name: `event ${webhook.type} of ${cause}`, type: `Omit<EventOf<'${webhook.type}'>, 'data'>`, shown: envelope });
      add('event', { name: `data of ${webhook.type} of ${cause}`, type: `DataOf<'${webhook.type}'>`, shown: (data as unknown as { readonly object: unknown }).object });
    }
    return reply;
  };

  const call: Desk = Object.assign(async (...[method, target, body, options]: Parameters<Desk>) => {
    const reply = await at(method, target, body, options);
    const operation = findRoute(method, target.split('?')[0]!)?.route.operation ?? 'no route';
    if (reply.status === 200) operations.add(operation);
    gather(reply.body, operation);
    return listen(reply, operation);
  }, {
    show: at.show,
    choose: async (...choice: Parameters<Desk['choose']>) => listen(await at.choose(...choice), choice[2]),
    happen: async (...happening: Parameters<Desk['happen']>) => listen(await at.happen(...happening), 'later'),
  });
  return { kinds, operations, call };
}
