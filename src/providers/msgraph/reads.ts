import { jsonReply } from '../wire/reply.ts';
import type { JsonObject } from '../wire/json.ts';
import { user, version } from './route.ts';
import type { Route } from './route.ts';

/** What applications ask at start or beside sending. The directory has whoever is asked for; folders are the well-known ones. */
export const readRoutes: readonly Route[] = [
  { method: 'GET', path: new RegExp(`^${user}$`), operation: 'users.get', refuses: ['$expand'], answer: async ({ ids: [owner = ''] }) => ({ reply: jsonReply(200, person(owner)) }) },
  { method: 'GET', path: new RegExp(`^${version}/users$`), operation: 'users.list', refuses: ['$filter', '$search', '$expand'], answer: async () => ({ reply: jsonReply(200, { value: [person('me')] }) }) },
  { method: 'GET', path: new RegExp(`^${user}/mailFolders$`), operation: 'mailFolders.list', refuses: ['$filter', '$expand'], answer: async () => ({ reply: jsonReply(200, { value: folders }) }) },
  { method: 'GET', path: new RegExp(`^${version}/subscriptions$`), operation: 'subscriptions.list', answer: async () => ({ reply: jsonReply(200, { value: [] }) }) },
  {
    method: 'GET', path: new RegExp(`^${version}/organization$`), operation: 'organization.list',
    answer: async () => ({ reply: jsonReply(200, { value: [{ id: '00000000-0000-4000-8000-000000000001', displayName: 'Staging', verifiedDomains: [{ name: 'example.com', isDefault: true, isInitial: true }] }] }) }),
  },
];

const folders = [['inbox', 'Inbox'], ['drafts', 'Drafts'], ['sentitems', 'Sent Items'], ['deleteditems', 'Deleted Items']]
  .map(([id, displayName]) => ({ id, displayName, parentFolderId: 'msgfolderroot', childFolderCount: 0, unreadItemCount: 0, totalItemCount: 0, isHidden: false }));

function person(owner: string): JsonObject {
  const name = owner.replace(/^users\//, '');
  const mail = name.includes('@') ? name : 'staging@example.com';
  return {
    id: name.includes('@') || name === 'me' ? '00000000-0000-4000-8000-000000000002' : name, displayName: 'Staging', givenName: 'Staging', surname: 'Account', mail, userPrincipalName: mail,
    businessPhones: [], jobTitle: null, mobilePhone: null, officeLocation: null, preferredLanguage: 'en-GB',
  };
}
