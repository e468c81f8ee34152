import type { JsonRoute } from '../wire/json-api.ts';
import { asString, field } from '../wire/json.ts';
import { PlaidFailure } from './errors.ts';
import { itemOf, newItem, saveItem, showItem } from './item.ts';
import type { Item } from './item.ts';
import { at, hashOf, operation } from './operation.ts';
import type { Books, Work } from './operation.ts';

/** What a public token will be exchanged for. Remembered by the token's hash: it is good for half an hour, once. */
export interface Promised { readonly item: Item | null; readonly untilMs: number; readonly update: string | null }

const halfHour = 30 * 60_000;

export function promise({ ledger, now }: Books, token: string, item: Item | null, update: string | null = null): void {
  ledger.save('public', hashOf(token), { item, untilMs: now + halfHour, update } satisfies Promised);
}

const accessToken = (work: Work): string => `access-${work.environment}-${work.context.uuid()}`;

export const itemRoutes: readonly JsonRoute[] = [
  operation({
    path: '/item/public_token/exchange', effect: () => ({}), required: ['public_token'],
    run: async (work) => {
      const key = hashOf(asString(field(work.body, 'public_token')) ?? '');
      const promised = await work.ledger.find<Promised>('public', key);
      if (promised === null || promised.untilMs <= work.now || promised.item === null) throw new PlaidFailure('INVALID_INPUT', 'INVALID_PUBLIC_TOKEN', 'could not find matching public token');
      const token = accessToken(work);
      saveItem(work, hashOf(token), promised.item);
      work.ledger.save('public', key, null);
      return { access_token: token, item_id: promised.item.id };
    },
  }),
  operation({
    path: '/item/public_token/create', effect: () => ({}), required: ['access_token'],
    run: async (work) => {
      const { key } = await itemOf(work);
      const token = `public-${work.environment}-${work.context.uuid()}`;
      promise(work, token, null, key);
      return { public_token: token, expiration: at(work.now + halfHour) };
    },
  }),
  operation({ path: '/item/get', required: ['access_token'], run: async (work) => ({ item: showItem((await itemOf(work)).item), status: null }) }),
  operation({
    path: '/item/remove', effect: () => ({}), required: ['access_token'],
    run: async (work) => {
      const { key } = await itemOf(work);
      // it is gone, and not the same as never there
      work.ledger.save('item', key, 'removed');
      return {};
    },
  }),
  operation({
    path: '/item/webhook/update', effect: () => ({}), required: ['access_token'],
    run: async (work) => {
      const { item, key } = await itemOf(work);
      const now: Item = { ...item, webhook: asString(field(work.body, 'webhook')) };
      saveItem(work, key, now);
      return { item: showItem(now) };
    },
  }),
  operation({
    path: '/item/access_token/invalidate', effect: () => ({}), required: ['access_token'],
    run: async (work) => {
      const { item, key } = await itemOf(work);
      const token = accessToken(work);
      work.ledger.save('item', key, 'removed');
      saveItem(work, hashOf(token), item);
      return { new_access_token: token };
    },
  }),
];

export function itemFor(work: Work, { institution, webhook, products }: { readonly institution: string | null; readonly webhook: string | null; readonly products: readonly string[] }): Item {
  return newItem({ id: work.context.id('', { length: 37 }), institution, webhook, products });
}
