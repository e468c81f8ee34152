import { authorizenet } from '../../src/providers/authorizenet/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(authorizenet, { fixtures: httpFixtures('authorizenet'), secret: 'ab'.repeat(64) });
