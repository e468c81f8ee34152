import { telegram } from '../../src/providers/telegram/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(telegram, { fixtures: httpFixtures('telegram') });
