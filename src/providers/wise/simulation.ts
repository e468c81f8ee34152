import type { JsonRoute } from '../wire/json-api.ts';
import { field } from '../wire/json.ts';
import { moneyOf, numberOf, requirePositive } from './amount.ts';
import { balanceById, changed, worth } from './balance.ts';
import { invalid, notFound, WiseFailure } from './errors.ts';
import { idOf, iso, newNumber, operation } from './operation.ts';
import type { Work } from './operation.ts';
import { isSandbox } from './place.ts';
import { moveOn, next, showTransfer, transferOf } from './transfer.ts';
import type { Status } from './transfer.ts';
import { announce } from './webhook.ts';

const states = 'processing|funds_converted|outgoing_payment_sent|bounced_back|funds_refunded';

function requireSandbox({ call }: Work): void {
  if (!isSandbox(call.request)) throw new WiseFailure(403, 'FORBIDDEN', 'Simulation is limited to the sandbox');
}

/** A GET that changes something: it is no read. https://docs.wise.com/api-reference/simulation */
export const simulationRoutes: readonly JsonRoute[] = [
  operation({
    method: 'GET', path: new RegExp(`^/v1/simulation/transfers/([0-9]{1,18})/(${states})$`), operation: 'simulation.transfers', effect: (_body, { ids }) => ({ object: ids[0]! }),
    run: async (work) => {
      requireSandbox(work);
      const transfer = await transferOf(work, work.call.ids[0]!);
      const to = work.call.ids[1] as Status;
      if (!(next[transfer.status] ?? []).includes(to)) throw new WiseFailure(409, 'INVALID_TRANSFER_STATE', `A transfer that is ${transfer.status} cannot become ${to}`);
      return { status: 200, body: showTransfer(await moveOn(work, transfer, to)) };
    },
  }),
  operation({
    method: 'POST', path: /^\/v1\/simulation\/balance\/topup$/, operation: 'simulation.balance-topup', effect: (body) => ({ amount: moneyOf(field(body, 'amount'), field(body, 'currency')), object: idOf(field(body, 'balanceId')) }),
    run: async (work) => {
      requireSandbox(work);
      const [profile, id] = [idOf(field(work.body, 'profileId')), idOf(field(work.body, 'balanceId'))];
      const balance = profile === null || id === null ? null : await balanceById(work, profile, id);
      if (balance === null) throw notFound('Balance');
      const amount = requirePositive(moneyOf(field(work.body, 'amount'), field(work.body, 'currency')), 'amount');
      if (amount.currency !== balance.currency) throw invalid('currency', 'The currency is not that of the balance');
      const after = changed(work, balance, BigInt(amount.minor));
      await announce(work, {
        type: 'balances#credit', profile: balance.profile, line: balance.id, event: 'balances#credit',
        data: { resource: { type: 'balance-account', id: Number(balance.id), profile_id: Number(balance.profile) }, transaction_type: 'credit', amount: numberOf(amount), currency: amount.currency, post_transaction_balance_amount: numberOf(worth(after)), occurred_at: iso(work.now) },
      });
      return { status: 200, body: { transactionId: Number(newNumber(work)), state: 'COMPLETED', balanceAfter: { id: Number(after.id), value: numberOf(worth(after)), currency: after.currency }, creationTime: iso(work.now), channel: field(work.body, 'channel') ?? 'TRANSFER' } };
    },
  }),
];
