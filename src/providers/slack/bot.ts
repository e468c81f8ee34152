import { idFor } from './ids.ts';

/** The bot and the workspace of a token: always the same for the same token. */
export function botOf(caller: string): { readonly bot_id: string; readonly user_id: string; readonly app_id: string; readonly team_id: string } {
  return { bot_id: idFor('B', caller), user_id: idFor('U', caller), app_id: `A${idFor('B', `app ${caller}`).slice(1)}`, team_id: team };
}

/** One workspace for all tokens: staging's. */
export const team = 'T0STAGING';
