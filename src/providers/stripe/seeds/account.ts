import { newAccount } from '../families/account.ts';
import type { Seeding } from '../seeding.ts';

/** Complete, and may take payments and get transfers, unless it says otherwise. */
export const accountSeed: Seeding = {
  needs: {},
  holds: {
    business_type: 'text', capabilities: 'object', company: 'object', controller: 'object', email: 'text', requirements: 'object', future_requirements: 'object', settings: 'object', 'tos_acceptance.ip': 'text', 'tos_acceptance.user_agent': 'text',
    'business_profile.mcc': 'text', 'business_profile.name': 'text', 'business_profile.product_description': 'text', 'business_profile.support_email': 'text', 'business_profile.support_phone': 'text',
    'business_profile.support_url': 'text', 'business_profile.url': 'text',
  },
  complete: (maker, given) => newAccount(maker, typeof given['type'] === 'string' ? given['type'] : 'express'),
  fault: ({ type }) => (['custom', 'express', 'none', 'standard'].includes(String(type)) ? null : `type must be custom, express, none or standard; it is ${String(type)}`),
};
