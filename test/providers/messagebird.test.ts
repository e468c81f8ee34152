import { messagebird } from '../../src/providers/messagebird/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(messagebird, { fixtures: httpFixtures('messagebird') });
