import type { Finding } from '../model/capture.ts';
import { anyCardNumber } from '../model/card-numbers.ts';
import type { Request } from '../model/exchange.ts';
import { placesOf } from './call-texts.ts';
import { excerptOf } from './excerpt.ts';

/** A card number that is none of the vendors' published test cards, anywhere in a call as it was sent. The store masks it; the excerpt tells the issuer alone. */
export function liveCardIn(request: Request): readonly Finding[] {
  for (const [where, texts] of placesOf(request)) {
    for (const text of texts) {
      const card = anyCardNumber(text);
      if (card !== null) return [{ id: 'live-card', title: 'A card number that is no test card', where, excerpt: excerptOf(`a card of the issuer ${card.issuer}`) }];
    }
  }
  return [];
}
