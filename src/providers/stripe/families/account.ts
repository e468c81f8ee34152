import { notFound } from '../errors.ts';
import { ok, operation } from '../operation.ts';
import type { Family } from '../operation.ts';
import type { StripeObject } from '../object.ts';
import type { Work } from '../work.ts';

/** The caller's own account: made up from its key, so that it is always the same one. */
function own(work: Work): StripeObject {
  return {
    id: work.account, object: 'account', business_profile: null, business_type: 'company', capabilities: { card_payments: 'active', transfers: 'active' },
    charges_enabled: true, country: 'US', default_currency: 'usd', details_submitted: true, email: null, metadata: {}, payouts_enabled: true,
    settings: null, type: 'standard',
  };
}

export const accounts: Family = {
  kind: 'account',
  prefix: null,
  index: () => ({}),
  operations: {
    'accounts.retrieve': operation({}, async (_, work) => {
      const id = work.ids[0];
      if (id !== undefined && id !== work.account) throw notFound('account', id, 'account');
      return ok(own(work));
    }),
  },
};
