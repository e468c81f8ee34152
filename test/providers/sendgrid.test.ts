import { sendgrid } from '../../src/providers/sendgrid/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(sendgrid, { fixtures: httpFixtures('sendgrid') });
