import { result } from '../wire/aws-operation.ts';
import type { AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { invalid, named } from './parts.ts';
import { shapes } from './shapes.ts';

/** The account is one out of the sandbox with nothing set up; every sender counts as there when something is sent from it. */
export const reads: readonly AwsOperation[] = [
  read('DescribeAccountAttributes', { AccountAttributes: [{ Name: 'ACCOUNT_TIER', Value: 'PRODUCTION' }] }),
  read('DescribeAccountLimits', { AccountLimits: ['PHONE_NUMBERS', 'POOLS', 'CONFIGURATION_SETS', 'OPT_OUT_LISTS', 'SENDER_IDS', 'VERIFIED_DESTINATION_NUMBERS'].map((Name) => ({ Name, Used: 0, Max: 25 })) }),
  read('DescribeSpendLimits', { SpendLimits: ['TEXT', 'VOICE', 'MEDIA'].map((kind) => ({ Name: `${kind}_MESSAGE_MONTHLY_SPEND_LIMIT`, EnforcedLimit: 1, MaxLimit: 1, Overridden: false })) }),
  read('DescribePhoneNumbers', { PhoneNumbers: [] }),
  read('DescribeSenderIds', { SenderIds: [] }),
  read('DescribePools', { Pools: [] }),
  read('DescribeConfigurationSets', { ConfigurationSets: [] }),
  read('DescribeOptOutLists', { OptOutLists: [] }),
  read('DescribeProtectConfigurations', { ProtectConfigurations: [] }),
  read('DescribeRegistrations', { Registrations: [] }),
  read('ListTagsForResource', { Tags: [] }),
  {
    name: 'CarrierLookup', shape: shapes.lookup,
    answer: async ({ input }) => {
      const digits = (named(input, 'PhoneNumber') ?? '').replaceAll(/\D/g, '');
      return digits === '' ? invalid('CANNOT_PARSE', 'PhoneNumber is no phone number') : result({ E164PhoneNumber: `+${digits}`, PhoneNumberType: /^[1-9]\d{6,14}$/.test(digits) ? 'MOBILE' : 'INVALID' });
    },
  },
];

function read(name: string, value: AwsXml & object): AwsOperation {
  return { name, shape: shapes.any, answer: async () => result(value) };
}
