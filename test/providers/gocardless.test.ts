import { gocardless } from '../../src/providers/gocardless/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(gocardless, { fixtures: httpFixtures('gocardless') });
