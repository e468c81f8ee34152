import { newProduct } from '../families/product-making.ts';
import type { Seeding } from '../seeding.ts';

export const productSeed: Seeding = {
  needs: {},
  holds: {
    default_price: 'text', description: 'text', images: 'texts', marketing_features: 'texts', package_dimensions: 'object', shippable: 'flag', statement_descriptor: 'text', tax_code: 'text', tax_details: 'object',
    unit_label: 'text', url: 'text',
  },
  complete: (maker, given) => newProduct(maker, { id: maker.own, name: typeof given['name'] === 'string' ? given['name'] : maker.own }),
};
