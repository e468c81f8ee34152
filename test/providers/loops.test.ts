import { loops } from '../../src/providers/loops/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(loops, { fixtures: httpFixtures('loops') });
