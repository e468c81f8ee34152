import { mailgun } from '../../src/providers/mailgun/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(mailgun, { fixtures: httpFixtures('mailgun') });
