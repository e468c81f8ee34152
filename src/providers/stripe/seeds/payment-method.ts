import { asString } from '../../wire/json.ts';
import { makeCard } from '../families/card-method.ts';
import { cardByToken } from '../test-cards.ts';
import type { Seeding } from '../seeding.ts';

/** A card that pays, unless it says another fingerprint: of those only the test cards' are known to decline. */
export const paymentMethodSeed: Seeding = {
  needs: {},
  holds: {
    customer: 'text', customer_account: 'text', 'billing_details.email': 'text', 'billing_details.name': 'text', 'billing_details.phone': 'text', 'billing_details.tax_id': 'text',
    'billing_details.address.city': 'text', 'billing_details.address.country': 'text', 'billing_details.address.line1': 'text', 'billing_details.address.line2': 'text',
    'billing_details.address.postal_code': 'text', 'billing_details.address.state': 'text',
  },
  complete: (maker, given) => {
    const method = makeCard(maker, { card: cardByToken('pm_card_visa')!, expMonth: 12, expYear: 2099, cvcGiven: true });
    // its own: two customers do not share a card
    return { ...method, card: { ...method.card, fingerprint: maker.id('', 16) }, customer: asString(given['customer'] ?? null) };
  },
  fault: ({ type }) => (type === 'card' ? null : `type must be card; others are not simulated (${String(type)})`),
};
