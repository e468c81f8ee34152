import { telnyx } from '../../src/providers/telnyx/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(telnyx, { fixtures: httpFixtures('telnyx'), secret: Buffer.alloc(32, 7).toString('base64') });
