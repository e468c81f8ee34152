import type { Addressee } from '../../model/recipient.ts';
import { asObject, asString, field } from '../wire/json.ts';
import type { JsonObject } from '../wire/json.ts';
import { trimmed } from '../wire/trim.ts';
import { unreadable } from '../wire/unread.ts';
import type { Unread } from '../wire/unread.ts';

/** FCM takes exactly one of them; where there are more each counts. */
export const targets = ['token', 'topic', 'condition'] as const;

/** Whom a message reaches. */
export function recipientsOf(message: JsonObject): readonly Addressee[] | Unread {
  const found: Addressee[] = [];
  for (const name of targets) {
    const value = field(message, name);
    if (value === undefined || value === null) continue;
    const text = trimmed(asString(value) ?? '');
    if (text === '') return unreadable(`message.${name} is not a text`);
    if (name === 'condition') found.push(...followersOf(text));
    else found.push(name === 'token' ? { address: text, kind: 'device', role: 'token' } : { address: topicName(text), kind: 'topic', role: 'topic' });
  }
  if (found.length === 0) return unreadable('the message names no token, topic or condition');
  const apns = asObject(field(message, 'apns'));
  for (const name of ['live_activity_token', 'liveActivityToken']) {
    const value = field(apns, name);
    if (value === undefined || value === null) continue;
    const token = asString(value);
    if (token === null) return unreadable(`message.apns.${name} is not a text`);
    found.push({ address: token, kind: 'device', role: 'live_activity_token' });
  }
  return found;
}

/** '/topics/news' and 'news' are one topic. */
export function topicName(text: string): string {
  return text.replace(/^\/topics\//, '');
}

/** `'a' in topics && ('b' in topics || 'c' in topics)` reaches followers of these topics; with a `!` in it, whoever does not follow one. */
function followersOf(condition: string): readonly Addressee[] {
  const named = /'([A-Za-z0-9_.~%-]+)'\s+in\s+topics/g;
  const names = new Set([...condition.matchAll(named)].map(([, name]) => name!));
  const plain = names.size > 0 && /^(?:[\s()]|&&|\|\|)*$/.test(condition.replaceAll(named, ' '));
  return plain ? [...names].map((name) => ({ address: name, kind: 'topic', role: 'condition' })) : [{ address: condition, kind: 'audience', role: 'condition' }];
}
