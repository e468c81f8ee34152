import { teams } from '../../src/providers/teams/index.ts';
import { providerContract } from '../contract/provider.ts';
import { httpFixtures } from '../support/http-file.ts';

providerContract(teams, { fixtures: httpFixtures('teams') });
