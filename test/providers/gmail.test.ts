import { gmail } from '../../src/providers/gmail/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(gmail, { fixtures: httpFixtures('gmail') });
