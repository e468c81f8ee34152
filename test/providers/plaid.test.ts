import { generateKeyPairSync } from 'node:crypto';
import { plaid } from '../../src/providers/plaid/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

const secret = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

providerContract(plaid, { fixtures: httpFixtures('plaid'), secret });
