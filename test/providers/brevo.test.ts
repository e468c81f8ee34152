import { brevo } from '../../src/providers/brevo/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(brevo, { fixtures: httpFixtures('brevo'), secret: 'a-token-of-the-webhook' });
