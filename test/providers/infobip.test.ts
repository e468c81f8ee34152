import { infobip } from '../../src/providers/infobip/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(infobip, { fixtures: httpFixtures('infobip') });
