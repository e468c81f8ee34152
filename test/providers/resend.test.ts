import { resend } from '../../src/providers/resend/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(resend, { fixtures: httpFixtures('resend'), secret: `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}` });
