import { googleOauth } from '../../src/providers/google-oauth/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(googleOauth, { fixtures: httpFixtures('google-oauth') });
