import { address } from '../object.ts';
import { blankCustomer } from '../families/customer.ts';
import type { Seeding } from '../seeding.ts';
import type { JsonObject } from '../../wire/json.ts';

export const customerSeed: Seeding = {
  needs: {},
  holds: {
    address: 'address', business_name: 'text', currency: 'text', description: 'text', email: 'text', individual_name: 'text', name: 'text', phone: 'text', preferred_locales: 'texts', shipping: 'object',
    'invoice_settings.default_payment_method': 'text', 'invoice_settings.footer': 'text',
  },
  complete: (maker, given) => {
    const customer = blankCustomer(maker);
    return { ...customer, address: address(given['address'] as JsonObject | null | undefined) };
  },
};
