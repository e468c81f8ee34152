import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { stripe } from '../../src/providers/stripe/index.ts';
import { twilio } from '../../src/providers/twilio/index.ts';
import { rewriteContract } from '../contract/rewrite.ts';
import { httpFixtures } from '../support/http-file.ts';

rewriteContract(sendgrid, { fixtures: httpFixtures('sendgrid') });
rewriteContract(twilio, { fixtures: httpFixtures('twilio') });
rewriteContract(stripe, { fixtures: httpFixtures('stripe') });
