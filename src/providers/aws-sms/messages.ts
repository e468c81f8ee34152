import { parsePhone } from '../../model/address/phone.ts';
import type { Liveness, SideEffect } from '../../model/side-effect.ts';
import { awsAccountId, awsRegion } from '../wire/aws-host.ts';
import { result } from '../wire/aws-operation.ts';
import type { AwsAnswered, AwsAnswering, AwsFault, AwsOperation } from '../wire/aws-operation.ts';
import type { AwsXml } from '../wire/aws-reply.ts';
import { asArray, asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';
import { notification } from './event.ts';
import type { SentMessage } from './event.ts';
import { conflict, contextOf, invalid, keysOf, named, silent, sms, text } from './parts.ts';
import { shapes } from './shapes.ts';

export type Kind = SentMessage['kind'];

/** Every operation that sends to the number it names. */
export const messages: readonly AwsOperation[] = [
  sending('SendTextMessage', shapes.text, 'TEXT'),
  sending('SendMediaMessage', shapes.media, 'MEDIA'),
  sending('SendVoiceMessage', shapes.voice, 'VOICE'),
  sending('SendRcsMessage', shapes.rcs, 'RCS'),
  sending('SendNotifyTextMessage', shapes.notifyText, 'TEXT'),
  sending('SendNotifyVoiceMessage', shapes.notifyVoice, 'VOICE'),
  {
    name: 'PutMessageFeedback', shape: shapes.feedback, effects: () => silent('PutMessageFeedback'),
    answer: async ({ input }) => result({ MessageId: named(input, 'MessageId') ?? '', MessageFeedbackStatus: named(input, 'MessageFeedbackStatus') ?? 'RECEIVED' }),
  },
];

function sending(name: string, shape: AwsOperation['shape'], kind: Kind): AwsOperation {
  return { name, shape, effects: (input) => effectOf(name, kind, input), answer: (call) => answer(name, kind, call) };
}

function effectOf(operation: string, kind: Kind, input: JsonObject): readonly SideEffect[] | Unread {
  const phone = named(input, 'DestinationPhoneNumber');
  if (phone === null) return unreadable('there is no DestinationPhoneNumber');
  // "is checked and validated, but isn't sent to the end recipient"
  const liveness: Liveness = field(input, 'DryRun') === true ? 'test' : 'unknown';
  const template = operation.startsWith('SendNotify') ? { id: named(input, 'TemplateId') ?? named(input, 'NotifyConfigurationId') ?? '', data: field(input, 'TemplateVariables') ?? null } : null;
  const from = named(input, 'OriginationIdentity');
  const base = { provider: 'aws-sms', operation, liveness, recipients: [{ address: phone, kind: 'phone', role: 'to' }], keys: keysOf(input), from } as const;
  if (kind === 'VOICE') return [{ ...base, channel: 'voice', script: text(input, 'MessageBody') ?? (template === null ? null : JSON.stringify(template)) }];
  if (kind === 'RCS') return [{ ...base, channel: 'chat', text: rcsText(input), attachments: [] }];
  return [sms(operation, { ...base, text: text(input, 'MessageBody'), media: (asArray(field(input, 'MediaUrls')) ?? []).flatMap((url) => asString(url) ?? []), template })];
}

/** The text of a text message; a file or a card is told as it came. */
function rcsText(input: JsonObject): string | null {
  const content = asObject(field(asObject(field(input, 'RcsMessageContent')), 'Content'));
  return content === null ? null : text(asObject(field(content, 'TextMessage')), 'Body') ?? JSON.stringify(content);
}

async function answer(operation: string, kind: Kind, call: AwsAnswering): Promise<AwsAnswered> {
  const wrong = await faultOf(operation, kind, call);
  if (wrong !== null) return wrong;
  const { request, input, context } = call;
  const messageId = context.uuid();
  const configurationSet = named(input, 'ConfigurationSetName');
  const sent: SentMessage = {
    kind, messageId, sentAt: context.now, to: named(input, 'DestinationPhoneNumber') ?? '', from: named(input, 'OriginationIdentity'), body: text(input, 'MessageBody') ?? '', messageType: named(input, 'MessageType'),
    context: contextOf(input), region: awsRegion(request), account: awsAccountId(request),
  };
  // A dry run has no events, and neither has a message without a set that says where they go.
  const told = configurationSet === null || field(input, 'DryRun') === true ? [] : usual[kind].map((event, second) => notification(sent, { event, at: context.now + second * 1000, detail: null }, context));
  const template: { readonly [name: string]: AwsXml } = operation.startsWith('SendNotify') ? { TemplateId: named(input, 'TemplateId') ?? 'nt-0', ResolvedMessageBody: '' } : {};
  return result({ MessageId: messageId, ...template }, { remember: [{ kind: 'message', id: messageId, expectVersion: 0, value: { ...sent } }], callbacks: told });
}

/** What AWS tells of a message that arrives, in order. */
const usual: Readonly<Record<Kind, readonly string[]>> = {
  TEXT: ['TEXT_QUEUED', 'TEXT_SENT', 'TEXT_DELIVERED'], MEDIA: ['MEDIA_QUEUED', 'MEDIA_DELIVERED'], VOICE: ['VOICE_INITIATED', 'VOICE_RINGING', 'VOICE_ANSWERED', 'VOICE_COMPLETED'], RCS: ['RCS_QUEUED', 'RCS_SENT', 'RCS_DELIVERED'],
};

async function faultOf(operation: string, kind: Kind, { input, context }: AwsAnswering): Promise<AwsFault | null> {
  const phone = named(input, 'DestinationPhoneNumber') ?? '';
  if (parsePhone(phone).kind === 'invalid') return invalid('INVALID_PARAMETER', `DestinationPhoneNumber ${phone} is not a phone number in E.164 format`);
  const body = text(input, 'MessageBody') ?? '';
  if (operation === 'SendTextMessage' && body === '') return invalid('MISSING_PARAMETER', 'MessageBody is required');
  if (body.length > (kind === 'VOICE' ? 6000 : 1600)) return invalid('MAXIMUM_SIZE_EXCEEDED', 'MessageBody is too long');
  if (await context.recall('opted-out', `Default ${phone}`) !== null && kind !== 'VOICE') return conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT', 'The destination phone number is opted out');
  return null;
}
