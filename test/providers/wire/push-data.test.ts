import { expect, it } from 'vitest';
import { dataKeys } from '../../../src/providers/wire/push-data.ts';

it.each<[string, Parameters<typeof dataKeys>[0], readonly string[]]>([
  ['identifiers', { order_id: 'o-42', orderId: 'o-43', id: 7, 'payment-ref': 'r', order: 'A-1', fourthwall_run: 'run-1' }, ['order_id=o-42', 'orderId=o-43', 'id=7', 'payment-ref=r', 'order=A-1', 'fourthwall_run=run-1']],
  ['nothing that many messages share', { type: 'promo', screen: 'Home', paid: 'yes', grid: 'x', Android: 'y' }, []],
  ['no long texts, nothing empty, nothing deeper', { id: 'x'.repeat(101), order_id: '', nested: { id: 'a' }, ids_id: ['a'] }, []],
  ['nothing of what is no object', ['id'], []],
  ['nothing where there is nothing', undefined, []],
])('takes %s for keys', (_what, data, keys) => {
  expect(dataKeys(data).map(({ name, value }) => `${name}=${value}`)).toEqual(keys);
});

it('takes no more than 20', () => {
  expect(dataKeys(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`a${n}_id`, n])))).toHaveLength(20);
});
