import type { Books } from './operation.ts';
import type { Environment } from './place.ts';
import { announce } from './webhook.ts';

/** That there are new events to be fetched; which ones it does not say. */
export function announceTransfers(books: Books, environment: Environment, to: string | null, event: string): void {
  announce(books, { type: 'TRANSFER', code: 'TRANSFER_EVENTS_UPDATE', environment, to, line: 'transfer-events', event });
}
