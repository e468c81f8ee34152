import { braintree } from '../../src/providers/braintree/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(braintree, { fixtures: httpFixtures('braintree'), secret: 'fakepublic0000000:fakeprivate000000' });
