import { klarna } from '../../src/providers/klarna/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(klarna, { fixtures: httpFixtures('klarna') });
