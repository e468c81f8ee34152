import type { Money } from '../../model/money.ts';
import type { Chosen, HostedPage, Hosting, PayerChoice } from '../../model/hosted-page.ts';
import type { SimulationContext } from '../../model/provider.ts';
import { goBack, returnTo } from '../wire/go-back.ts';
import { asString, field } from '../wire/json.ts';
import { minorOf } from './amount.ts';
import type { Intent } from './intent.ts';
import { isOpen } from './link.ts';
import type { Link } from './link.ts';
import { endSession } from './link-session.ts';
import type { Ending } from './link-session.ts';
import { openLedger } from '../wire/ledger.ts';
import type { BankPayment } from './payment.ts';

const endings: Readonly<Partial<Record<PayerChoice, Ending>>> = { pay: 'success', decline: 'declined', cancel: 'exited' };

/** Hosted Link: 'pay' is to go through with it, which connects the bank where nothing is to be paid. */
export const hosted: Hosting = {
  async show({ kind, id }, context): Promise<HostedPage | null> {
    const link = await linkOf(kind, id, context);
    if (link === null) return null;
    const open = isOpen(link, context.now);
    const amount = await amountOf(link, context);
    const client = asString(field(link.given, 'client_name')) ?? '';
    return {
      title: `Plaid Link for ${client}`, amount, payer: link.payer, lines: [{ text: amount === null ? `${client} asks for a connection to your bank account` : `Pay ${client} from your bank account`, amount }],
      choices: open ? ['pay', ...(amount === null ? [] : ['decline' as const]), 'cancel'] : [],
      status: open ? null : link.status === 'success' ? 'This was done.' : link.status === 'exited' ? 'This was left.' : 'This link has expired.',
      back: open ? null : returnTo(link.hosted?.completion ?? null, []),
    };
  },

  async choose({ kind, id }, choice, context): Promise<Chosen | null> {
    const link = await linkOf(kind, id, context);
    const ending = endings[choice];
    if (link === null || ending === undefined || !isOpen(link, context.now)) return null;
    const ledger = openLedger(context);
    await ledger.find('link', link.id);
    await endSession({ ledger, context, now: context.now }, link, ending);
    return { ...ledger.finish(), ...goBack(link.hosted?.completion ?? null, [], ending === 'success' ? 'Done: you can go back to the application.' : 'You have left Link.') };
  },
};

async function linkOf(kind: string, id: string, { recall }: Pick<SimulationContext, 'recall'>): Promise<Link | null> {
  return kind === 'link' ? ((await recall('link', id))?.value as Link | undefined) ?? null : null;
}

async function amountOf(link: Link, { recall }: Pick<SimulationContext, 'recall'>): Promise<Money | null> {
  if (link.payment !== null) return ((await recall('payment', link.payment))?.value as BankPayment | undefined)?.amount ?? null;
  const intent = link.intent === null ? undefined : (await recall('intent', link.intent))?.value as Intent | undefined;
  return intent === undefined ? null : { minor: String(minorOf(intent.amount)), exponent: 2, currency: intent.currency };
}
