import { clicksend } from '../../src/providers/clicksend/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(clicksend, { fixtures: httpFixtures('clicksend') });
