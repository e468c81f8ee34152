import type { AwsXml } from '../wire/aws-reply.ts';
import { pathId } from './call.ts';
import { fault, result } from './operation.ts';
import type { Operation } from './operation.ts';
import { items } from './parts.ts';
import type { StoredMail } from './sent.ts';
import { anyInput, noInput } from './shapes.ts';
import { asString, field } from '../wire/json.ts';

const quota = { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 0 };

/** Reads of both APIs. The account is one out of the sandbox, whose every identity is verified; nothing else is set up in it. */
export const reads: readonly Operation[] = [
  v1Read('GetSendQuota', quota),
  v1Read('GetAccountSendingEnabled', { Enabled: true }),
  v1Read('GetSendStatistics', { SendDataPoints: [] }),
  v1Read('ListIdentities', { Identities: [] }),
  v1Read('ListVerifiedEmailAddresses', { VerifiedEmailAddresses: [] }),
  v1Read('ListConfigurationSets', { ConfigurationSets: [] }),
  v1Read('ListCustomVerificationEmailTemplates', { CustomVerificationEmailTemplates: [] }),
  v1Read('ListReceiptRuleSets', { RuleSets: [] }),
  ofIdentities('GetIdentityVerificationAttributes', 'VerificationAttributes', { VerificationStatus: 'Success' }),
  ofIdentities('GetIdentityDkimAttributes', 'DkimAttributes', { DkimEnabled: true, DkimVerificationStatus: 'Success' }),
  ofIdentities('GetIdentityNotificationAttributes', 'NotificationAttributes', { ForwardingEnabled: true, BounceTopic: '', ComplaintTopic: '', DeliveryTopic: '' }),
  v2Read('GetAccount', 'GET', '/v2/email/account', {
    DedicatedIpAutoWarmupEnabled: false, EnforcementStatus: 'HEALTHY', ProductionAccessEnabled: true, SendQuota: quota, SendingEnabled: true, SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
  }),
  v2Read('ListEmailIdentities', 'POST', '/v2/email/list-identities', { EmailIdentities: [] }),
  // the same by GET, as other SDKs ask
  v2Read('ListEmailIdentities', 'GET', '/v2/email/identities', { EmailIdentities: [] }),
  v2Read('ListConfigurationSets', 'POST', '/v2/email/list-configuration-sets', { ConfigurationSets: [] }),
  v2Read('ListConfigurationSets', 'GET', '/v2/email/configuration-sets', { ConfigurationSets: [] }),
  v2Read('ListContactLists', 'GET', '/v2/email/contact-lists', { ContactLists: [] }),
  v2Read('ListCustomVerificationEmailTemplates', 'GET', '/v2/email/custom-verification-email-templates', { CustomVerificationEmailTemplates: [] }),
  v2Read('ListDedicatedIpPools', 'GET', '/v2/email/dedicated-ip-pools', { DedicatedIpPools: [] }),
  {
    name: 'GetEmailIdentity', api: 'v2', method: 'GET', path: new RegExp(`^/v2/email/identities/${pathId}$`), shape: noInput,
    answer: async ({ ids: [identity = ''] }) => result({
      IdentityType: identity.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN', FeedbackForwardingStatus: true, VerifiedForSendingStatus: true, VerificationStatus: 'SUCCESS',
      DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS', Tokens: [], SigningAttributesOrigin: 'AWS_SES' }, MailFromAttributes: { BehaviorOnMxFailure: 'USE_DEFAULT_VALUE' }, Policies: {}, Tags: [],
    }),
  },
  {
    name: 'GetMessageInsights', api: 'v2', method: 'GET', path: new RegExp(`^/v2/email/insights/${pathId}$`), shape: noInput,
    answer: async ({ ids: [id = ''], context }) => {
      const known = await context.recall('message', id);
      if (known === null) return fault(404, 'NotFoundException', `Message ${id} does not exist.`);
      const { insights } = known.value as StoredMail;
      // What happens later is written down when the mail is accepted, and told from its time on.
      return result({ ...insights, Insights: insights.Insights.map((each) => ({ ...each, Events: each.Events.filter(({ Timestamp }) => Timestamp * 1000 <= context.now) })) } as unknown as AwsXml & object);
    },
  },
];

function v1Read(name: string, value: AwsXml & object): Operation {
  return { name, api: 'v1', shape: anyInput, answer: async () => result(value) };
}

function v2Read(name: string, method: 'GET' | 'POST', path: string, value: AwsXml & object): Operation {
  return { name, api: 'v2', method, path: new RegExp(`^${path}$`), shape: anyInput, answer: async () => result(value) };
}

function ofIdentities(name: string, element: string, attributes: AwsXml): Operation {
  return {
    name, api: 'v1', shape: { fields: { Identities: { list: 'text' } } },
    answer: async ({ input }) => result({ [element]: new Map(items(field(input, 'Identities')).map((identity) => [asString(identity) ?? '', attributes] as const)) }),
  };
}
