import { plivo } from '../../src/providers/plivo/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(plivo, { fixtures: httpFixtures('plivo') });
