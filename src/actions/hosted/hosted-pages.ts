import { newCaptureId } from '../../model/capture-id.ts';
import type { HostedPages, Hosting, PageAnswer, PayerChoice, ShownPage } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { ObjectConflict } from '../../model/store.ts';
import type { House } from '../call.ts';
import { keptOf, wake } from '../record.ts';
import { simulationContext } from '../simulation-context.ts';
import { pageTicket, type PageTicket } from './page-token.ts';

type Pages = Pick<House, 'store' | 'key' | 'now' | 'pages' | 'callbacks'>;

/** How often it runs again when a call changed an object it had read. */
const attempts = 5;

/**
 * The browser half of the vendors: shows what is remembered and does what the payer chose there. Objects and callbacks are one
 * transaction, which does not need the capture: it may be deleted while its order lives.
 */
export function openHostedPages(house: Pages, provider: (name: string) => { readonly hosted?: Hosting } | null): HostedPages {
  const opened = async (token: string): Promise<Opened | null> => {
    const ticket = pageTicket(house.key, token);
    const hosting = ticket === null ? undefined : provider(ticket.scope.provider)?.hosted;
    if (ticket === null || hosting === undefined) return null;
    const liveness = (await house.store.capture(ticket.capture))?.liveness ?? 'unknown';
    return { ticket, hosting, context: () => contextOf(house, ticket, liveness) };
  };
  return {
    async show(token) {
      const page = await opened(token);
      return page === null ? null : shown(page);
    },
    async choose(token, choice) {
      const page = await opened(token);
      return page === null ? { kind: 'unknown' } : choose(house, page, choice);
    },
  };
}

interface Opened {
  readonly ticket: PageTicket;
  readonly hosting: Hosting;
  /** a new one, with identifiers of its own, for each attempt */
  context(): SimulationContext;
}

function contextOf(house: Pages, { scope, capture }: PageTicket, liveness: SimulationContext['liveness']): SimulationContext {
  const at = house.now();
  return simulationContext({
    store: house.store, scope, capture, now: at, run: scope.run === '' ? null : scope.run, liveness, seed: newCaptureId(at), page: house.pages(scope, capture),
  });
}

async function shown({ ticket, hosting, context }: Opened): Promise<ShownPage | null> {
  const page = await hosting.show(ticket.subject, context());
  return page === null ? null : { ...page, provider: ticket.scope.provider, back: page.back === undefined || page.back === null ? null : webAddress(page.back) };
}

async function choose(house: Pages, opened: Opened, asked: string): Promise<PageAnswer> {
  const { ticket: { scope, capture, subject }, hosting, context } = opened;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    // both read the same: what changes in between makes the choice a conflict, and never a second yes
    const once = readOnce(context());
    const page = await shown({ ...opened, context: () => once });
    if (page === null) return { kind: 'unknown' };
    const choice = page.choices.find((each) => each === asked);
    if (choice === undefined) return { kind: 'refused', why: refusalOf(page, asked), page };
    const chosen = await hosting.choose(subject, choice, once);
    if (chosen === null) return { kind: 'unknown' };
    const { remember = [], callbacks = [], goTo, says } = chosen;
    const kept = keptOf(house, scope.provider, { scope, remember, callbacks });
    try {
      await house.store.addConsequences(capture, { ...kept, chosen: { provider: scope.provider, ...subject, choice } });
    } catch (error) {
      if (error instanceof ObjectConflict) continue;
      throw error;
    }
    wake(house, kept.callbacks);
    const url = goTo === null ? null : webAddress(goTo);
    return {
      kind: 'chosen', goTo: url, page: await shown(opened) ?? { ...page, choices: [] },
      says: goTo !== null && url === null ? `The payer would now be sent to ${goTo.slice(0, 500)}, which is no http or https address and is not opened from here.` : says,
    };
  }
  const page = await shown(opened);
  return page === null ? { kind: 'unknown' } : { kind: 'refused', why: 'It was changed by other calls at the same moment. Try again.', page };
}

/** The same context, in which an object is read from the store once. */
function readOnce(context: SimulationContext): SimulationContext {
  const read = new Map<string, ReturnType<SimulationContext['recall']>>();
  return {
    ...context,
    recall(kind, id) {
      const at = `${kind}\n${id}`;
      const known = read.get(at) ?? context.recall(kind, id);
      read.set(at, known);
      return known;
    },
  };
}

const words: Readonly<Record<PayerChoice, string>> = {
  pay: 'paid', 'pay-authenticated': 'paid with 3-D Secure', decline: 'declined', 'fail-authentication': 'failed in 3-D Secure', cancel: 'cancelled',
};

function refusalOf({ status, choices }: ShownPage, asked: string): string {
  const word = Object.hasOwn(words, asked) ? `It cannot be ${words[asked as PayerChoice]}` : 'That is no choice of this page';
  return choices.length === 0 ? `${word} any more.${status === null ? '' : ` ${status}`}` : `${word}${word.startsWith('It') ? ' now' : ''}.`;
}

/** As a browser would write it, so that nothing of it can end a header field; null where it is no address of the web. */
function webAddress(text: string): string | null {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}
