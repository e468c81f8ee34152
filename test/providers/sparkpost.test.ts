import { sparkpost } from '../../src/providers/sparkpost/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(sparkpost, { fixtures: httpFixtures('sparkpost') });
