import { mandrill } from '../../src/providers/mandrill/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(mandrill, { fixtures: httpFixtures('mandrill') });
