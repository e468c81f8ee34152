import { paddle } from '../../src/providers/paddle/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(paddle, { fixtures: httpFixtures('paddle') });
