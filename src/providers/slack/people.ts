import { unreadable } from '../wire/unread.ts';
import { text } from './arguments.ts';
import { botOf, team } from './bot.ts';
import { idFor } from './ids.ts';
import { addressee, channelOf } from './messages.ts';
import { page } from './page.ts';
import type { Method } from './method.ts';
import { failed, ok } from './reply.ts';

interface StoredUser { readonly id: string; readonly email: string }

/** Who one is, who somebody is, and reactions. People are made up: an address has always the same person. */
export const peopleMethods: readonly Method[] = [
  { name: 'api.test', takes: ['foo', 'error'], answer: async ({ args }) => ({ reply: text(args, 'error') === null ? ok({ args: args.values }) : failed(text(args, 'error')!, { args: args.values }) }) },
  {
    name: 'auth.test', takes: [],
    answer: async ({ caller }) => {
      const { team_id, user_id, bot_id } = botOf(caller);
      return { reply: ok({ url: 'https://staging.slack.com/', team: 'Staging', user: 'staging_bot', team_id, user_id, bot_id, is_enterprise_install: false }) };
    },
  },
  { name: 'team.info', takes: ['team', 'domain'], answer: async () => ({ reply: ok({ team: { id: team, name: 'Staging', domain: 'staging', email_domain: '', icon: { image_default: true } } }) }) },
  { name: 'bots.info', takes: ['bot'], answer: async ({ args, caller }) => ({ reply: ok({ bot: { id: text(args, 'bot') ?? botOf(caller).bot_id, deleted: false, name: 'staging_bot', app_id: botOf(caller).app_id, user_id: botOf(caller).user_id, icons: {} } }) }) },
  {
    name: 'users.lookupByEmail', takes: ['email'],
    answer: async ({ args, context }) => {
      const email = text(args, 'email')?.trim().toLowerCase() ?? '';
      if (!/^[^\s@]+@[^\s@]+$/.test(email)) return { reply: failed('users_not_found') };
      const id = idFor('U', email);
      const known = await context.recall('user', id);
      return { reply: ok({ user: profile({ id, email }) }), remember: known === null ? [{ kind: 'user', id, expectVersion: 0, value: { id, email } satisfies StoredUser }] : [] };
    },
  },
  {
    name: 'users.info', takes: ['user', 'include_locale'],
    answer: async ({ args, context }) => {
      const id = text(args, 'user') ?? '';
      if (!/^[UW][A-Z0-9]{2,40}$/.test(id)) return { reply: failed('user_not_found') };
      const known = (await context.recall('user', id))?.value as StoredUser | null | undefined;
      return { reply: ok({ user: profile(known ?? { id, email: `${id.toLowerCase()}@example.test` }) }) };
    },
  },
  { name: 'users.list', takes: ['cursor', 'limit', 'include_locale', 'presence'], answer: async (call) => page(call, 'members', (await call.context.list('user', { limit: 1000 })).items.map(({ value }) => profile(value as StoredUser)), { cache_ts: Math.floor(call.context.now / 1000) }) },
  { name: 'usergroups.list', takes: ['include_count', 'include_disabled', 'include_users'], answer: async () => ({ reply: ok({ usergroups: [] }) }) },
  { name: 'emoji.list', takes: ['include_categories'], answer: async () => ({ reply: ok({ emoji: {}, cache_ts: '1735689600.000000' }) }) },
  // A reaction is seen in the channel and told to whoever wrote the message.
  ...['reactions.add', 'reactions.remove'].map((name): Method => ({
    name, takes: ['channel', 'timestamp', 'name'],
    reaches: (args) => {
      const channel = channelOf(args);
      return channel === null || text(args, 'timestamp') === null || text(args, 'name') === null ? unreadable('no channel, no timestamp or no name')
        : { recipients: [addressee(channel)], text: `:${text(args, 'name')}:` };
    },
    answer: async () => ({ reply: ok() }),
  })),
];

function profile({ id, email }: StoredUser): Readonly<Record<string, unknown>> {
  const name = email.split('@')[0] ?? id;
  return {
    id, team_id: team, name, deleted: false, real_name: name, tz: 'Etc/UTC', tz_label: 'UTC', tz_offset: 0, is_admin: false, is_owner: false, is_bot: false, is_app_user: false, is_restricted: false, updated: 1_735_689_600,
    profile: { real_name: name, real_name_normalized: name, display_name: name, display_name_normalized: name, email, title: '', phone: '', status_text: '', status_emoji: '', team },
  };
}
