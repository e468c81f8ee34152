import type { Shape } from '../wire/aws-shape.ts';

/** Inputs as the SDK's own model has them (@aws-sdk/client-pinpoint-sms-voice-v2 3.1138.0). */
const texts: Shape = { list: 'text' };
const send = { DestinationPhoneNumber: 'text', TimeToLive: 'scalar', ConfigurationSetName: 'text', Context: 'any', DryRun: 'scalar', MessageFeedbackEnabled: 'scalar' } as const;
const own = { ...send, OriginationIdentity: 'text', ProtectConfigurationId: 'text' } as const;
const notify = { ...send, NotifyConfigurationId: 'text', TemplateId: 'text', TemplateVariables: 'any' } as const;
const page = { NextToken: 'text', MaxResults: 'scalar' } as const;
const filters: Shape = { list: { fields: { Name: 'text', Values: texts } } };

export const shapes = {
  text: { fields: { ...own, MessageBody: 'text', MessageType: 'text', Keyword: 'text', MaxPrice: 'text', DestinationCountryParameters: 'any' } },
  media: { fields: { ...own, MessageBody: 'text', MediaUrls: texts, MaxPrice: 'text' } },
  voice: { fields: { ...own, MessageBody: 'text', MessageBodyTextType: 'text', VoiceId: 'text', MaxPricePerMinute: 'text' } },
  rcs: {
    fields: {
      ...own, RcsMessageContent: 'any', MessageTrafficType: 'text', MaxPrice: 'text',
      FallbackConfiguration: { fields: { Channel: 'text', MessageBody: 'text', MediaUrls: texts, OriginationIdentity: 'text' } },
    },
  },
  notifyText: { fields: notify },
  notifyVoice: { fields: { ...notify, VoiceId: 'text' } },
  createNumber: { fields: { DestinationPhoneNumber: 'text', RcsAgentId: 'text', Tags: 'any', ClientToken: 'text' } },
  sendCode: { fields: { VerifiedDestinationNumberId: 'text', VerificationChannel: 'text', LanguageCode: 'text', OriginationIdentity: 'text', ConfigurationSetName: 'text', Context: 'any', DestinationCountryParameters: 'any' } },
  verify: { fields: { VerifiedDestinationNumberId: 'text', VerificationCode: 'text' } },
  number: { fields: { VerifiedDestinationNumberId: 'text' } },
  numbers: { fields: { VerifiedDestinationNumberIds: texts, DestinationPhoneNumbers: texts, Filters: filters, ...page } },
  optOut: { fields: { OptOutListName: 'text', OptedOutNumber: 'text' } },
  optedOut: { fields: { OptOutListName: 'text', OptedOutNumbers: texts, Filters: filters, ...page } },
  feedback: { fields: { MessageId: 'text', MessageFeedbackStatus: 'text' } },
  lookup: { fields: { PhoneNumber: 'text' } },
  any: 'any',
} as const satisfies Readonly<Record<string, Shape>>;
