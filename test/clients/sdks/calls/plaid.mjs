import { Configuration, PlaidApi, PlaidEnvironments } from 'plaid';
export const provider = 'plaid';
export default async () => {
  const client = new PlaidApi(new Configuration({ basePath: PlaidEnvironments.sandbox, baseOptions: { headers: { 'PLAID-CLIENT-ID': 'x'.repeat(24), 'PLAID-SECRET': 'y'.repeat(30) } } }));
  const { data: { public_token } } = await client.sandboxPublicTokenCreate({ institution_id: 'ins_109508', initial_products: ['transfer'] });
  const { data: { access_token } } = await client.itemPublicTokenExchange({ public_token });
  const { data: { accounts: [{ account_id }] } } = await client.accountsGet({ access_token });
  const { data: { authorization } } = await client.transferAuthorizationCreate({ access_token, account_id, type: 'debit', network: 'ach', ach_class: 'ppd', amount: '10.00', user: { legal_name: 'Ann Customer' } });
  return client.transferCreate({ access_token, account_id, authorization_id: authorization.id, description: 'A-1001' });
};
