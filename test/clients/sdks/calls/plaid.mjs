import { Configuration, PlaidApi, PlaidEnvironments } from 'plaid';
export const provider = 'plaid';
export default () => new PlaidApi(new Configuration({ basePath: PlaidEnvironments.sandbox, baseOptions: { headers: { 'PLAID-CLIENT-ID': 'x'.repeat(24), 'PLAID-SECRET': 'y'.repeat(30) } } })).transferCreate({
  access_token: 'access-sandbox-x', account_id: 'a', authorization_id: 'b', description: 'A-1001',
});
