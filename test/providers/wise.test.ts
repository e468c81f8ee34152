import { generateKeyPairSync } from 'node:crypto';
import { wise } from '../../src/providers/wise/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

const secret = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

providerContract(wise, { fixtures: httpFixtures('wise'), secret });
