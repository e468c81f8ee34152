import { slack } from '../../src/providers/slack/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(slack, { fixtures: httpFixtures('slack') });
