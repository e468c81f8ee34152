import { mailjet } from '../../src/providers/mailjet/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(mailjet, { fixtures: httpFixtures('mailjet') });
