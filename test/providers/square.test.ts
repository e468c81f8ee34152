import { square } from '../../src/providers/square/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(square, { fixtures: httpFixtures('square') });
