import type { Hosting } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { StripeFailure } from './errors.ts';
import { familyOfKind, indexes, versions } from './families.ts';
import type { StripeObject } from './object.ts';
import type { PayerPage } from './operation.ts';
import { defaultVersion } from './reply.ts';
import { openWork } from './work.ts';
import type { Work } from './work.ts';

/** The pages of Stripe that an application sends its customers to. Whatever is chosen, no card number is ever asked for. */
export const hosted: Hosting = {
  async show(subject, context) {
    const work = workOf(context);
    const found = await pageOf(subject.kind, subject.id, work);
    return found === null ? null : found.page.show(found.object, work);
  },
  async choose(subject, choice, context) {
    const work = workOf(context);
    const found = await pageOf(subject.kind, subject.id, work);
    if (found === null) return null;
    try {
      const went = await found.page.choose(found.object, choice, work);
      return { ...work.finish(), ...went };
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error;
      // refused before anything changed: nothing is kept of it
      return { goTo: null, says: error.fields.message };
    }
  },
};

/** No call is the cause, so the events say none, and speak the newest version. */
function workOf(context: SimulationContext): Work {
  return openWork({ context, indexes, versions, ids: [], version: defaultVersion, account: '', connected: false, request: { id: null, idempotencyKey: null } });
}

async function pageOf(kind: string, id: string, work: Work): Promise<{ readonly page: PayerPage; readonly object: StripeObject } | null> {
  const page = familyOfKind(kind)?.page;
  const object = page === undefined ? null : await work.known(kind, id);
  return page === undefined || object === null ? null : { page, object };
}
