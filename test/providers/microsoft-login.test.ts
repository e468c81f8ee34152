import { microsoftLogin } from '../../src/providers/microsoft-login/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(microsoftLogin, { fixtures: httpFixtures('microsoft-login') });
