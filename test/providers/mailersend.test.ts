import { mailersend } from '../../src/providers/mailersend/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(mailersend, { fixtures: httpFixtures('mailersend') });
