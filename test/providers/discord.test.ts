import { discord } from '../../src/providers/discord/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(discord, { fixtures: httpFixtures('discord') });
