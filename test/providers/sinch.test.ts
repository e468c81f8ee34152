import { sinch } from '../../src/providers/sinch/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(sinch, { fixtures: httpFixtures('sinch') });
