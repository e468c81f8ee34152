import { coinbase } from '../../src/providers/coinbase/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(coinbase, { fixtures: httpFixtures('coinbase') });
