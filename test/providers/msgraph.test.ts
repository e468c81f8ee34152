import { msgraph } from '../../src/providers/msgraph/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(msgraph, { fixtures: httpFixtures('msgraph') });
