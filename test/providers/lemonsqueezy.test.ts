import { lemonsqueezy } from '../../src/providers/lemonsqueezy/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(lemonsqueezy, { fixtures: httpFixtures('lemonsqueezy') });
