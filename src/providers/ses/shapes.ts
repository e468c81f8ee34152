import type { Shape } from '../wire/aws-shape.ts';

/** Inputs as the SDKs' own models have them (@aws-sdk/client-ses and client-sesv2 3.1169.0), less what takes addresses in no known way. */
const texts = { list: 'text' } as const;
const tags: Shape = { list: { fields: { Name: 'text', Value: 'text' } } };
const content: Shape = { fields: { Data: 'text', Charset: 'text' } };
const body: Shape = { fields: { Text: content, Html: content } };
const destination: Shape = { fields: { ToAddresses: texts, CcAddresses: texts, BccAddresses: texts } };
const arns = { SourceArn: 'text', ReturnPathArn: 'text' } as const;
const sender = { Source: 'text', ReplyToAddresses: texts, ReturnPath: 'text', ConfigurationSetName: 'text', ...arns } as const;

export const noInput: Shape = { fields: {} };
export const anyInput: Shape = 'any';

export const v1 = {
  email: { fields: { ...sender, Destination: destination, Message: { fields: { Subject: content, Body: body } }, Tags: tags } },
  raw: { fields: { RawMessage: { fields: { Data: 'text' } }, Source: 'text', Destinations: texts, FromArn: 'text', ...arns, Tags: tags, ConfigurationSetName: 'text' } },
  templated: { fields: { ...sender, Destination: destination, Template: 'text', TemplateArn: 'text', TemplateData: 'text', Tags: tags } },
  bulk: {
    fields: {
      ...sender, Template: 'text', TemplateArn: 'text', DefaultTemplateData: 'text', DefaultTags: tags,
      Destinations: { list: { fields: { Destination: destination, ReplacementTags: tags, ReplacementTemplateData: 'text' } } },
    },
  },
  bounce: {
    fields: {
      OriginalMessageId: 'text', BounceSender: 'text', BounceSenderArn: 'text', Explanation: 'text', MessageDsn: 'any',
      BouncedRecipientInfoList: { list: { fields: { Recipient: 'text', RecipientArn: 'text', BounceType: 'text', RecipientDsnFields: 'any' } } },
    },
  },
} as const satisfies Readonly<Record<string, Shape>>;

const headers: Shape = { list: { fields: { Name: 'text', Value: 'text' } } };
const attachments: Shape = { list: { fields: { RawContent: 'text', FileName: 'text', ContentDisposition: 'text', ContentDescription: 'text', ContentId: 'text', ContentTransferEncoding: 'text', ContentType: 'text' } } };
const template: Shape = {
  fields: { TemplateName: 'text', TemplateArn: 'text', TemplateContent: { fields: { Subject: 'text', Text: 'text', Html: 'text' } }, TemplateData: 'text', Headers: headers, Attachments: attachments },
};
const senderV2 = {
  FromEmailAddress: 'text', FromEmailAddressIdentityArn: 'text', ReplyToAddresses: texts, FeedbackForwardingEmailAddress: 'text', FeedbackForwardingEmailAddressIdentityArn: 'text',
  ConfigurationSetName: 'text', EndpointId: 'text', TenantName: 'text',
} as const;

export const v2 = {
  email: {
    fields: {
      ...senderV2, Destination: destination, EmailTags: tags, ListManagementOptions: { fields: { ContactListName: 'text', TopicName: 'text' } },
      Content: { fields: { Simple: { fields: { Subject: content, Body: body, Headers: headers, Attachments: attachments } }, Raw: { fields: { Data: 'text' } }, Template: template } },
    },
  },
  bulk: {
    fields: {
      ...senderV2, DefaultContent: { fields: { Template: template } }, DefaultEmailTags: tags,
      BulkEmailEntries: {
        list: {
          fields: {
            Destination: destination, ReplacementTags: tags, ReplacementHeaders: headers,
            ReplacementEmailContent: { fields: { ReplacementTemplate: { fields: { ReplacementTemplateData: 'text' } } } },
          },
        },
      },
    },
  },
  suppress: { fields: { EmailAddress: 'text', Reason: 'text', TenantName: 'text' } },
} as const satisfies Readonly<Record<string, Shape>>;

export const verification: Shape = { fields: { EmailAddress: 'text', TemplateName: 'text', ConfigurationSetName: 'text' } };
export const address: Shape = { fields: { EmailAddress: 'text' } };
export const identity: Shape = { fields: { EmailIdentity: 'text', Tags: 'any', DkimSigningAttributes: 'any', ConfigurationSetName: 'text' } };
