import { result } from '../wire/aws-operation.ts';
import type { AwsAnswered, AwsAnswering, AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { field } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import { arnRest, endpointName, invalid, named, notFound, pairsOf, silent, text } from './parts.ts';
import { shapes } from './shapes.ts';

export interface StoredEndpoint {
  readonly application: string;
  /** Amazon's attribute Token: under that name it would be cut as a secret, and it is an address */
  readonly deviceToken: string | null;
  /** Enabled and CustomUserData, as Amazon keeps them */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Devices of a mobile application. Every application counts as there. */
export const endpoints: readonly AwsOperation[] = [
  {
    name: 'CreatePlatformEndpoint', shape: shapes.createEndpoint,
    effects: (input) => named(input, 'Token') === null || applicationName(named(input, 'PlatformApplicationArn')) === null ? unreadable('it has no Token, or its PlatformApplicationArn is none') : silent('CreatePlatformEndpoint'),
    answer: create,
  },
  {
    name: 'SetEndpointAttributes', shape: shapes.setEndpointAttributes, effects: (input) => endpointName(named(input, 'EndpointArn') ?? '') === null ? unreadable('EndpointArn is none') : silent('SetEndpointAttributes'),
    answer: (call) => known(call, (stored, id, version) => result(null, keep(id, changed(stored, pairsOf(field(call.input, 'Attributes'))), version))),
  },
  {
    name: 'DeleteEndpoint', shape: shapes.endpoint, effects: (input) => endpointName(named(input, 'EndpointArn') ?? '') === null ? unreadable('EndpointArn is none') : silent('DeleteEndpoint'),
    answer: async ({ input, context }) => {
      const before = await context.recall('endpoint', named(input, 'EndpointArn') ?? '');
      return result(null, before === null ? {} : { remember: [{ kind: 'endpoint', id: before.id, expectVersion: before.version, value: null }] });
    },
  },
  { name: 'GetEndpointAttributes', shape: shapes.endpoint, answer: (call) => known(call, (stored) => result({ Attributes: shown(stored) })) },
  {
    name: 'ListEndpointsByPlatformApplication', shape: shapes.listEndpoints,
    answer: async ({ input, context }) => result({ Endpoints: (await context.list('endpoint', { limit: 1000, where: { application: named(input, 'PlatformApplicationArn') ?? '' } })).items
      .map(({ id, value }) => ({ EndpointArn: id, Attributes: shown(value as StoredEndpoint) })) }),
  },
  {
    name: 'GetPlatformApplicationAttributes', shape: shapes.application,
    answer: async ({ input }) => applicationName(named(input, 'PlatformApplicationArn')) === null ? invalid('PlatformApplicationArn') : result({ Attributes: new Map<string, AwsXml>([['Enabled', 'true'], ['SuccessFeedbackSampleRate', '100']]) }),
  },
  { name: 'ListPlatformApplications', shape: shapes.page, answer: async () => result({ PlatformApplications: [] }) },
];

function applicationName(arn: string | null): string | null {
  return /^app\/([A-Z_]{2,20}\/[A-Za-z0-9_.-]{1,256})$/.exec(arnRest(arn ?? '') ?? '')?.[1] ?? null;
}

/** The same device again is the same endpoint; with other attributes it is an error whose text applications read the ARN from. */
async function create({ input, context }: AwsAnswering): Promise<AwsAnswered> {
  const application = named(input, 'PlatformApplicationArn') ?? '';
  const token = named(input, 'Token') ?? '';
  const userData = text(input, 'CustomUserData');
  const made = changed({ application, deviceToken: null, attributes: { Enabled: 'true', ...userData === null ? {} : { CustomUserData: userData } } }, { ...pairsOf(field(input, 'Attributes')), Token: token });
  const all = (await context.list('endpoint', { limit: 1000, where: { application } })).items;
  const before = all.find(({ value }) => (value as StoredEndpoint).deviceToken === token);
  if (before !== undefined) {
    const same = (['Enabled', 'CustomUserData'] as const).every((name) => (before.value as StoredEndpoint).attributes[name] === made.attributes[name]);
    return same ? result({ EndpointArn: before.id }) : invalid(`Token Reason: Endpoint ${before.id} already exists with the same Token, but different attributes.`);
  }
  const arn = `${application.replace(':app/', ':endpoint/')}/${context.uuid()}`;
  return result({ EndpointArn: arn }, keep(arn, made, 0));
}

function changed(stored: StoredEndpoint, { Token: token, ...attributes }: Readonly<Record<string, string>>): StoredEndpoint {
  return { ...stored, deviceToken: token ?? stored.deviceToken, attributes: { ...stored.attributes, ...attributes } };
}

function shown({ deviceToken, attributes }: StoredEndpoint): Map<string, AwsXml> {
  return new Map<string, AwsXml>([...Object.entries(attributes), ...deviceToken === null ? [] : [['Token', deviceToken] as const]]);
}

async function known({ input, context }: AwsAnswering, then: (stored: StoredEndpoint, id: string, version: number) => AwsAnswered): Promise<AwsAnswered> {
  const before = await context.recall('endpoint', named(input, 'EndpointArn') ?? '');
  return before === null ? notFound('Endpoint') : then(before.value as StoredEndpoint, before.id, before.version);
}

export function keep(id: string, value: StoredEndpoint, expectVersion: number) {
  return { remember: [{ kind: 'endpoint', id, expectVersion, value, index: { application: value.application } }] };
}
