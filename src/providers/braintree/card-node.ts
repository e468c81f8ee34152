import type { Card } from './card.ts';
import type { Node, Nodes } from './xml-reply.ts';

export function showCard(card: Card, token: string | null): Nodes {
  return {
    token, bin: card.bin, last_4: card.last4, card_type: card.type, expiration_month: card.month, expiration_year: card.year, customer_location: 'US', cardholder_name: card.holder,
    image_url: `https://assets.braintreegateway.com/payment_method_logo/${card.type.toLowerCase().replaceAll(' ', '_')}.png?environment=sandbox`, unique_number_identifier: `${card.bin}${card.last4}`,
    prepaid: 'Unknown', healthcare: 'Unknown', debit: 'Unknown', durbin_regulated: 'Unknown', commercial: 'Unknown', payroll: 'Unknown', issuing_bank: 'Unknown', country_of_issuance: 'Unknown', product_id: 'Unknown', venmo_sdk: false,
  };
}

export function showPayPal({ email }: Card, token: string | null): Nodes {
  return { token, payer_email: email, payment_id: null, authorization_id: null, image_url: 'https://assets.braintreegateway.com/payment_method_logo/paypal.png?environment=sandbox', debug_id: null };
}

export function showThreeDSecure({ threeDSecure }: Card): Node {
  if (threeDSecure === null) return null;
  const successful = /successful|not_enrolled|bypassed|authenticate_attempt/.test(threeDSecure);
  return { enrolled: threeDSecure === 'lookup_not_enrolled' ? 'N' : 'Y', liability_shift_possible: !/bypassed|not_enrolled|lookup_error/.test(threeDSecure), liability_shifted: /successful/.test(threeDSecure), status: threeDSecure, three_d_secure_version: '2.2.0', ...(successful ? { eci_flag: '05' } : {}) };
}
