import { awsSms } from '../../src/providers/aws-sms/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(awsSms, { fixtures: httpFixtures('aws-sms') });
