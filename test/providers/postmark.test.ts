import { postmark } from '../../src/providers/postmark/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(postmark, { fixtures: httpFixtures('postmark') });
