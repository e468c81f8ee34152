import { expo } from '../../src/providers/expo/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(expo, { fixtures: httpFixtures('expo') });
