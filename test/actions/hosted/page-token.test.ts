import { describe, expect, it } from 'vitest';
import { pageTicket, pageToken, type PageTicket } from '../../../src/actions/hosted/page-token.ts';

const key = Buffer.alloc(32, 7);
const ticket: PageTicket = { scope: { provider: 'paypal', account: 'abc', run: 'r-1' }, capture: 'cap_1', subject: { kind: 'order', id: 'Ö/"1"' } };
const token = pageToken(key, ticket);
const [said = '', signed = ''] = token.split('.');

describe('the token of a page', () => {
  it('is one segment of a path, and says what it was made for', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}$/);
    expect(pageTicket(key, token)).toEqual(ticket);
  });

  it.each<[string, string]>([
    ['nothing', ''], ['no signature', said], ['an empty signature', `${said}.`], ['half a signature', `${said}.${signed.slice(0, 11)}`], ['a third part', `${token}.x`],
    ['another subject', `${Buffer.from('["paypal","abc","r-1","cap_1","order","2"]').toString('base64url')}.${signed}`],
    ['what base64 readers skip, behind', `${token}"><script>`], ['what base64 readers skip, inside', `${said}.${signed.slice(0, 5)}!${signed.slice(5)}`], ['padding', `${token}==`],
    ['the other alphabet', `${said}.${signed.replaceAll('-', '+').replaceAll('_', '/')}=`], ['a space', ` ${token}`], ['garbage', '\u0000.\u0000'],
  ])('%s is none of ours', (_what, given) => {
    expect(pageTicket(key, given)).toBeNull();
  });

  it('of another key is none of ours', () => {
    expect(pageTicket(Buffer.alloc(32, 8), token)).toBeNull();
  });
});
