import { parseEmailAddress } from '../../model/address/email-address.ts';
import type { Remember, SimulationContext } from '../../model/provider.ts';
import type { Email } from '../../model/side-effect.ts';
import type { HttpRequest } from '../../model/exchange.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { bounceOf, notification } from './event.ts';
import type { Happening, SentMail } from './event.ts';
import { accountOf, regionOf } from './hosts.ts';
import { badInput, fault, result } from './operation.ts';
import type { Answered, Answering, Api, Fault } from './operation.ts';
import { text } from './parts.ts';

/** A mail as it is remembered. Later events are told for the account that sent it; the request they come with has no signature any more. */
export interface StoredMail {
  readonly account: string;
  readonly insights: MailInsights;
}

/** What GetMessageInsights knows of a mail. Timestamps are seconds. */
export interface MailInsights {
  readonly MessageId: string;
  readonly FromEmailAddress: string | null;
  readonly Subject: string | null;
  readonly EmailTags: readonly { readonly Name: string; readonly Value: string }[];
  readonly Insights: readonly { readonly Destination: string; readonly Events: readonly Insight[] }[];
}
interface Insight { readonly Timestamp: number; readonly Type: string; readonly Details?: unknown }

const most = 50;

/** One mail: accepted with a message id, or refused as SES refuses an address. */
export async function answerMail({ operation, context, input, request }: Answering, mails: readonly Email[]): Promise<Answered> {
  const wrong = mails.map((mail) => faultOf(operation.api, mail)).find((each) => each !== null) ?? null;
  if (wrong !== null) return wrong;
  const [accepted] = await Promise.all(mails.map((mail) => accept(context, request, mail, text(input, 'ConfigurationSetName'))));
  return accepted === undefined ? badInput(operation.api, 'Missing required destination') : result({ MessageId: accepted.messageId }, accepted);
}

/** Many: one that is wrong does not keep back the others. */
export async function answerBulk({ operation, context, input, request }: Answering, mails: readonly Email[]): Promise<Answered> {
  if (mails.length > most) return badInput(operation.api, `Recipient count exceeds ${most}.`);
  const entries: Entry[] = [];
  for (const mail of mails) entries.push(faultOf(operation.api, mail) ?? await accept(context, request, mail, text(input, 'ConfigurationSetName')));
  const done = entries.filter((entry) => 'messageId' in entry);
  const said = operation.api === 'v1' ? { ok: 'Success', bad: 'InvalidParameterValue' } : { ok: 'SUCCESS', bad: 'INVALID_PARAMETER' };
  const results = entries.map((entry): AwsXml => 'messageId' in entry ? { Status: said.ok, MessageId: entry.messageId } : { Status: said.bad, Error: entry.message });
  return result(operation.api === 'v1' ? { Status: results } : { BulkEmailEntryResults: results }, { remember: done.flatMap(({ remember }) => remember), callbacks: done.flatMap(({ callbacks }) => callbacks) });
}

type Entry = Fault | Awaited<ReturnType<typeof accept>>;

/** https://docs.aws.amazon.com/ses/latest/dg/quotas.html; the text for an address without a domain is SES's own. */
function faultOf(api: Api, { recipients }: Email): Fault | null {
  const bad = recipients.filter(({ kind }) => kind === 'email').map(({ address }) => parseEmailAddress(address)).find((parsed) => parsed.kind === 'invalid');
  if (bad?.kind === 'invalid') return badInput(api, recipients.some(({ address }) => !address.includes('@')) ? "Missing final '@domain'" : `Invalid address: it ${bad.why}`);
  return recipients.length > most ? fault(400, api === 'v1' ? 'InvalidParameterValue' : 'BadRequestException', `Recipient count exceeds ${most}.`) : null;
}

async function accept(context: SimulationContext, request: HttpRequest, mail: Email, configurationSet: string | null) {
  const messageId = messageIdOf(context, regionOf(request));
  const sent: SentMail = { mail, messageId, sentAt: context.now, region: regionOf(request), account: accountOf(request), configurationSet };
  const happenings = await whatHappens(context, sent);
  const value: StoredMail = { account: sent.account, insights: insightsInto(sent, happenings) };
  const remember: readonly Remember[] = [{ kind: 'message', id: messageId, expectVersion: 0, value }];
  return { messageId, remember, callbacks: happenings.map((each) => notification(sent, each, context)) };
}

/** A region's number, the time in ms, a UUID. Codes of other regions are not known, none is checked by anybody. */
function messageIdOf(context: SimulationContext, region: string): string {
  const code = { 'us-east-1': '0100', 'us-west-2': '0101', 'eu-west-1': '0102' }[region] ?? '0110';
  return `${code}${context.now.toString(16).padStart(12, '0')}-${context.uuid()}-000000`;
}

/** The time that stands in a message id. */
export function sentAtOf(messageId: string): number | null {
  const hex = /^[0-9a-f]{4}([0-9a-f]{12})-/.exec(messageId)?.[1];
  return hex === undefined ? null : Number.parseInt(hex, 16);
}

/** Mails to Amazon's mailbox simulator end as it says, to a suppressed address they bounce; all others are delivered a second later. */
async function whatHappens(context: SimulationContext, { mail, sentAt, configurationSet }: SentMail): Promise<readonly Happening[]> {
  const ends: Record<string, string[]> = {};
  for (const { address, kind } of mail.recipients) {
    if (kind === 'email') (ends[await endOf(context, address)] ??= []).push(address);
  }
  const all = Object.values(ends).flat();
  const received = all.filter((address) => ['delivered', 'complained'].some((end) => ends[end]?.includes(address)));
  const happening = (name: Happening['name'], recipients: readonly string[] | undefined, after: number, detail: string | null = null): readonly Happening[] =>
    recipients === undefined || recipients.length === 0 ? [] : [{ name, recipients, at: sentAt + after, detail }];
  return [
    ...configurationSet === null ? [] : happening('Send', all, 0),
    ...happening('Delivery', received, 1000),
    ...happening('Bounce', ends['bounced'], 1000), ...happening('Bounce', ends['Suppressed'], 1000, 'Suppressed'), ...happening('Bounce', ends['OnAccountSuppressionList'], 1000, 'OnAccountSuppressionList'),
    ...happening('Complaint', ends['complained'], 2000),
  ];
}

/** https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator */
async function endOf(context: SimulationContext, address: string): Promise<string> {
  const simulated = /^([a-z]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i.exec(address)?.[1]?.toLowerCase();
  if (simulated === 'bounce') return 'bounced';
  if (simulated === 'complaint') return 'complained';
  if (simulated === 'suppressionlist') return 'Suppressed';
  return await context.recall('suppressed', address.toLowerCase()) === null ? 'delivered' : 'OnAccountSuppressionList';
}

function insightsInto({ mail, messageId }: SentMail, happenings: readonly Happening[]): MailInsights {
  return {
    MessageId: messageId, FromEmailAddress: mail.from, Subject: mail.subject, EmailTags: mail.keys.map(({ name, value }) => ({ Name: name, Value: value })),
    Insights: mail.recipients.map(({ address }) => ({ Destination: address, Events: insightsOf(happenings, address) })),
  };
}

const types: Readonly<Record<Happening['name'], string>> = {
  Send: 'SEND', Delivery: 'DELIVERY', Bounce: 'BOUNCE', Complaint: 'COMPLAINT', Open: 'OPEN', Click: 'CLICK', DeliveryDelay: 'DELIVERY_DELAY', Reject: 'REJECT', Subscription: 'SUBSCRIPTION',
};

export function insightsOf(happenings: readonly Happening[], address: string): readonly Insight[] {
  return happenings.filter(({ recipients }) => recipients.includes(address)).map(({ name, at, detail }) => ({
    Timestamp: at / 1000, Type: types[name], ...insightDetail(name, detail),
  }));
}

function insightDetail(name: Happening['name'], detail: string | null): { readonly Details?: unknown } {
  if (name === 'Complaint') return { Details: { Complaint: { ComplaintFeedbackType: detail ?? 'abuse' } } };
  if (name !== 'Bounce') return {};
  const { bounceType, bounceSubType } = bounceOf(detail);
  return { Details: { Bounce: { BounceType: bounceType.toUpperCase(), BounceSubType: bounceSubType, DiagnosticCode: detail ?? 'smtp; 550 5.1.1 user unknown' } } };
}
