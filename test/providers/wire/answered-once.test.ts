import { expect, it } from 'vitest';
import { answeredOnce } from '../../../src/providers/wire/answered-once.ts';
import { jsonReply } from '../../../src/providers/wire/reply.ts';
import { memory } from '../../support/simulation-context.ts';

function caller(keeps?: (status: number) => boolean) {
  const kept = memory();
  let calls = 0;
  return async (key: string | null, status: number, said = 'the same'): Promise<number> => {
    const { reply, remember } = await answeredOnce(kept.context(), {
      key, scope: 'orders', said, keptMs: 1, ...(keeps === undefined ? {} : { keeps: ({ status: answered }) => keeps(answered) }), ...(said === 'the same' ? {} : { another: () => new Error('said before with something else') }),
    }, async (ledger) => {
      calls += 1;
      ledger.save('order', String(calls), { calls });
      return jsonReply(status, {});
    });
    kept.keep(remember ?? []);
    return reply.status;
  };
}

it('the same call again gets the first answer, and nothing happens', async () => {
  const call = caller();
  expect([await call('a', 200), await call('a', 201), await call('b', 202), await call(null, 203), await call('', 204)]).toEqual([200, 200, 202, 203, 204]);
  await expect(call('a', 200, 'something else')).rejects.toThrow('said before');
});

it('an answer that is not for keeping leaves its key free, and what it changed is kept', async () => {
  const call = caller((status) => status !== 202);
  expect([await call('a', 202), await call('a', 200), await call('a', 201)]).toEqual([202, 200, 200]);
});
