import { formAll } from '../wire/form.ts';
import { jsonReply } from '../wire/reply.ts';
import { notFound } from './error.ts';
import { brief, formatted } from './message.ts';
import type { StoredDraft, StoredMessage } from './message.ts';
import type { Call, Route } from './route.ts';

/** What is in the mailbox: what was sent and drafted here, nothing else. */
export const readRoutes: readonly Route[] = [
  {
    method: 'GET', path: /^profile$/, operation: 'users.getProfile',
    answer: async ({ context }) => ({ reply: jsonReply(200, { emailAddress: 'staging@example.com', messagesTotal: 0, threadsTotal: 0, historyId: String(context.now) }) }),
  },
  { method: 'GET', path: /^labels$/, operation: 'labels.list', answer: async () => ({ reply: jsonReply(200, { labels: ['INBOX', 'SENT', 'DRAFT', 'UNREAD', 'SPAM', 'TRASH'].map((id) => ({ id, name: id, type: 'system' })) }) }) },
  {
    method: 'GET', path: /^settings\/sendAs$/, operation: 'settings.sendAs.list',
    answer: async () => ({ reply: jsonReply(200, { sendAs: [{ sendAsEmail: 'staging@example.com', displayName: 'Staging', isPrimary: true, isDefault: true }] }) }),
  },
  {
    method: 'GET', path: /^messages$/, operation: 'messages.list', refuses: ['q', 'pageToken'],
    answer: async (call) => {
      const labels = formAll(call.query, 'labelIds');
      const kept = (await call.context.list('message', { limit: 500 })).items.map(({ value }) => value as StoredMessage).filter(({ labelIds }) => labels.every((label) => labelIds.includes(label)));
      const messages = kept.slice(0, most(call)).map(({ id, threadId }) => ({ id, threadId }));
      return { reply: jsonReply(200, { ...(messages.length === 0 ? {} : { messages }), resultSizeEstimate: kept.length }) };
    },
  },
  {
    method: 'GET', path: /^messages\/([A-Za-z0-9_-]+)$/, operation: 'messages.get',
    answer: async (call) => {
      const known = await call.context.recall('message', call.ids[0] ?? '');
      return { reply: known === null || known.value === null ? notFound() : jsonReply(200, formatted(known.value as StoredMessage, formatOf(call))) };
    },
  },
  {
    method: 'GET', path: /^drafts$/, operation: 'drafts.list', refuses: ['q', 'pageToken'],
    answer: async (call) => {
      const drafts = (await call.context.list('draft', { limit: most(call) })).items.map(({ value }) => value as StoredDraft).map(({ id, message }) => ({ id, message: { id: message.id, threadId: message.threadId } }));
      return { reply: jsonReply(200, { ...(drafts.length === 0 ? {} : { drafts }), resultSizeEstimate: drafts.length }) };
    },
  },
  {
    method: 'GET', path: /^drafts\/([A-Za-z0-9_-]+)$/, operation: 'drafts.get',
    answer: async (call) => {
      const known = await call.context.recall('draft', call.ids[0] ?? '');
      if (known === null || known.value === null) return { reply: notFound() };
      const { id, message } = known.value as StoredDraft;
      return { reply: jsonReply(200, { id, message: { ...brief(message), ...formatted(message, formatOf(call)) } }) };
    },
  },
];

function formatOf({ query }: Call): string {
  return formAll(query, 'format').at(-1)?.toLowerCase() ?? 'full';
}

function most({ query }: Call): number {
  return Math.min(Math.max(Number(formAll(query, 'maxResults').at(-1) ?? '100') || 100, 1), 500);
}
