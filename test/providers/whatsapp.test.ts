import { whatsapp } from '../../src/providers/whatsapp/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(whatsapp, { fixtures: httpFixtures('whatsapp') });
