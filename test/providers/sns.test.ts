import { sns } from '../../src/providers/sns/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(sns, { fixtures: httpFixtures('sns') });
