import { vonage } from '../../src/providers/vonage/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(vonage, { fixtures: httpFixtures('vonage'), secret: 'signature-secret' });
