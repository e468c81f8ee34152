import type { HttpProvider, MailProvider } from '../model/provider.ts';
import { sendgrid } from './sendgrid/index.ts';
import { smtp } from './smtp.ts';
import { stripe } from './stripe/index.ts';
import { twilio } from './twilio/index.ts';

/** Every vendor with an HTTP API. Adding one: docs/adding-a-provider.md. */
export const httpProviders: readonly HttpProvider[] = [sendgrid, twilio, stripe];

/** Mail by SMTP: it has no host to claim, so ingress knows it by the protocol. */
export const mailProvider: MailProvider = smtp;

/** What `provider:` in a policy may name. */
export const providerNames: readonly string[] = [mailProvider, ...httpProviders].map(({ name }) => name);
