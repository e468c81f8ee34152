import type { HttpProvider, MailProvider } from '../model/provider.ts';
import { adyen } from './adyen/index.ts';
import { apns } from './apns/index.ts';
import { authorizenet } from './authorizenet/index.ts';
import { awsSms } from './aws-sms/index.ts';
import { braintree } from './braintree/index.ts';
import { brevo } from './brevo/index.ts';
import { checkout } from './checkout/index.ts';
import { clicksend } from './clicksend/index.ts';
import { coinbase } from './coinbase/index.ts';
import { customerio } from './customerio/index.ts';
import { discord } from './discord/index.ts';
import { expo } from './expo/index.ts';
import { fcm } from './fcm/index.ts';
import { gmail } from './gmail/index.ts';
import { gocardless } from './gocardless/index.ts';
import { googleOauth } from './google-oauth/index.ts';
import { infobip } from './infobip/index.ts';
import { klarna } from './klarna/index.ts';
import { lemonsqueezy } from './lemonsqueezy/index.ts';
import { loops } from './loops/index.ts';
import { mailersend } from './mailersend/index.ts';
import { mailgun } from './mailgun/index.ts';
import { mailjet } from './mailjet/index.ts';
import { mandrill } from './mandrill/index.ts';
import { messagebird } from './messagebird/index.ts';
import { microsoftLogin } from './microsoft-login/index.ts';
import { mollie } from './mollie/index.ts';
import { msgraph } from './msgraph/index.ts';
import { onesignal } from './onesignal/index.ts';
import { paddle } from './paddle/index.ts';
import { paypal } from './paypal/index.ts';
import { paystack } from './paystack/index.ts';
import { plaid } from './plaid/index.ts';
import { plivo } from './plivo/index.ts';
import { postmark } from './postmark/index.ts';
import { razorpay } from './razorpay/index.ts';
import { resend } from './resend/index.ts';
import { sendgrid } from './sendgrid/index.ts';
import { ses } from './ses/index.ts';
import { sinch } from './sinch/index.ts';
import { slack } from './slack/index.ts';
import { smtp } from './smtp.ts';
import { sns } from './sns/index.ts';
import { sparkpost } from './sparkpost/index.ts';
import { square } from './square/index.ts';
import { stripe } from './stripe/index.ts';
import { teams } from './teams/index.ts';
import { telegram } from './telegram/index.ts';
import { telnyx } from './telnyx/index.ts';
import { twilio } from './twilio/index.ts';
import { vonage } from './vonage/index.ts';
import { whatsapp } from './whatsapp/index.ts';
import { wise } from './wise/index.ts';

/** Every vendor with an HTTP API. Adding one: docs/adding-a-provider.md. */
export const httpProviders: readonly HttpProvider[] = [sendgrid, twilio, stripe, mandrill, postmark, gmail, googleOauth, microsoftLogin, msgraph, ses, customerio, loops, sparkpost, mailgun, mailjet, resend, brevo, mailersend, telegram, fcm, apns, expo, onesignal, telnyx, discord, slack, teams, whatsapp, sns, awsSms, infobip, clicksend, sinch, vonage, messagebird, plivo, paypal, mollie, klarna, square, adyen, coinbase, gocardless, braintree, authorizenet, plaid, paddle, razorpay, paystack, checkout, wise, lemonsqueezy];

/** Mail by SMTP: it has no host to claim, so ingress knows it by the protocol. */
export const mailProvider: MailProvider = smtp;

export const everyProvider: readonly (HttpProvider | MailProvider)[] = [mailProvider, ...httpProviders];

/** What `provider:` in a policy may name. */
export const providerNames: readonly string[] = everyProvider.map(({ name }) => name);
