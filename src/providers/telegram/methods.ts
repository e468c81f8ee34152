/** What a method answers with when it has worked. */
export type Result = 'message' | 'messages' | 'message-id' | 'message-ids' | 'edited' | 'true' | 'poll' | 'invite' | 'topic' | 'sent-inline';

export interface Method {
  readonly result: Result;
  /** parameters that name a chat or a person who would notice; at least one of them is there */
  readonly reaches: readonly string[];
  /** parameters that stand for somebody Telegram knows and the request does not name */
  readonly stands?: readonly (readonly [parameter: string, what: string])[];
}

const inChat = ['chat_id'];
const methods = (result: Result, names: string, reaches: readonly string[] = inChat, stands: Method['stands'] = []): readonly (readonly [string, Method])[] =>
  names.split(' ').map((name) => [name, { result, reaches, stands }]);

/** Everything of the Bot API (10.x) that somebody in a chat would see. https://core.telegram.org/bots/api#available-methods */
export const reaching: ReadonlyMap<string, Method> = new Map([
  ...methods('message', 'sendMessage sendRichMessage forwardMessage sendPhoto sendLivePhoto sendAudio sendDocument sendVideo sendAnimation sendVoice sendVideoNote sendPaidMedia sendLocation sendVenue sendContact sendPoll sendChecklist sendDice sendSticker sendInvoice sendGame'),
  ...methods('messages', 'sendMediaGroup'),
  ...methods('message-id', 'copyMessage'),
  ...methods('message-ids', 'copyMessages forwardMessages'),
  ...methods('true', 'sendChatAction sendMessageDraft sendRichMessageDraft setMessageReaction deleteMessage deleteMessages deleteMessageReaction deleteAllMessageReactions pinChatMessage unpinChatMessage unpinAllChatMessages leaveChat setChatTitle setChatDescription setChatPhoto deleteChatPhoto setChatPermissions setChatStickerSet deleteChatStickerSet approveSuggestedPost declineSuggestedPost editForumTopic closeForumTopic reopenForumTopic deleteForumTopic unpinAllForumTopicMessages editGeneralForumTopic closeGeneralForumTopic reopenGeneralForumTopic hideGeneralForumTopic unhideGeneralForumTopic unpinAllGeneralForumTopicMessages'),
  ...methods('true', 'banChatMember unbanChatMember restrictChatMember promoteChatMember setChatAdministratorCustomTitle setChatMemberTag approveChatJoinRequest declineChatJoinRequest', ['chat_id', 'user_id']),
  ...methods('true', 'banChatSenderChat unbanChatSenderChat', ['chat_id', 'sender_chat_id']),
  ...methods('true', 'sendGift', ['chat_id', 'user_id']),
  ...methods('true', 'editEphemeralMessageText editEphemeralMessageMedia editEphemeralMessageCaption editEphemeralMessageReplyMarkup deleteEphemeralMessage', ['chat_id', 'receiver_user_id']),
  ...methods('edited', 'editMessageText editMessageCaption editMessageMedia editMessageReplyMarkup editMessageLiveLocation stopMessageLiveLocation editMessageChecklist setGameScore', inChat, [['inline_message_id', 'inline message']]),
  ...methods('poll', 'stopPoll'),
  ...methods('invite', 'createChatInviteLink editChatInviteLink revokeChatInviteLink'),
  ...methods('topic', 'createForumTopic'),
  ...methods('true', 'deleteBusinessMessages', [], [['business_connection_id', 'business connection']]),
  ...methods('true', 'answerCallbackQuery', [], [['callback_query_id', 'callback query']]),
  ...methods('true', 'answerInlineQuery', [], [['inline_query_id', 'inline query']]),
  ...methods('true', 'answerShippingQuery', [], [['shipping_query_id', 'shipping query']]),
  ...methods('true', 'answerPreCheckoutQuery', [], [['pre_checkout_query_id', 'pre-checkout query']]),
  ...methods('true', 'answerChatJoinRequestQuery sendChatJoinRequestWebApp', [], [['chat_join_request_query_id', 'chat join request']]),
  ...methods('sent-inline', 'answerWebAppQuery', [], [['web_app_query_id', 'web app query']]),
  ...methods('sent-inline', 'answerGuestQuery', [], [['guest_query_id', 'guest query']]),
]);

/** They change the bot itself, or take its updates away from whoever else runs it, and nobody in a chat sees it. */
export const ofTheBot: ReadonlyMap<string, readonly string[]> = new Map([
  ['setWebhook', ['url', 'certificate', 'ip_address', 'max_connections', 'allowed_updates', 'drop_pending_updates', 'secret_token']],
  ['deleteWebhook', ['drop_pending_updates']],
  ['getUpdates', ['offset', 'limit', 'timeout', 'allowed_updates']],
  ['logOut', []], ['close', []],
  ['setMyCommands', ['commands', 'scope', 'language_code']],
  ['deleteMyCommands', ['scope', 'language_code']],
  ['setMyName', ['name', 'language_code']],
  ['setMyDescription', ['description', 'language_code']],
  ['setMyShortDescription', ['short_description', 'language_code']],
  ['setMyDefaultAdministratorRights', ['rights', 'for_channels']],
]);

/** Questions, and what each may be asked with. */
export const reads: ReadonlyMap<string, readonly string[]> = new Map([
  ['getMe', []], ['getWebhookInfo', []],
  ['getMyCommands', ['scope', 'language_code']], ['getMyName', ['language_code']], ['getMyDescription', ['language_code']], ['getMyShortDescription', ['language_code']],
  ['getMyDefaultAdministratorRights', ['for_channels']],
  ['getChat', ['chat_id']], ['getChatAdministrators', ['chat_id', 'return_bots']], ['getChatMemberCount', ['chat_id']], ['getChatMember', ['chat_id', 'user_id']],
  ['getChatMenuButton', ['chat_id']], ['getUserProfilePhotos', ['user_id', 'offset', 'limit']], ['getFile', ['file_id']], ['getForumTopicIconStickers', []],
]);

/** Every parameter of `reaching` that is none of those above: it names nobody who would get something. */
export const harmless: ReadonlySet<string> = new Set((
  'business_connection_id message_thread_id direct_messages_topic_id text parse_mode entities link_preview_options disable_web_page_preview disable_notification protect_content allow_paid_broadcast '
  + 'suggested_post_parameters message_effect_id reply_parameters reply_markup reply_to_message_id allow_sending_without_reply from_chat_id video_start_timestamp message_id message_ids caption caption_entities '
  + 'show_caption_above_media remove_caption photo live_photo has_spoiler audio duration performer title thumbnail thumb document disable_content_type_detection video width height cover start_timestamp supports_streaming '
  + 'animation voice video_note length star_count media payload latitude longitude horizontal_accuracy live_period heading proximity_alert_radius address foursquare_id foursquare_type google_place_id google_place_type '
  + 'phone_number first_name last_name vcard question question_parse_mode question_entities options is_anonymous type allows_multiple_answers allows_revoting shuffle_options allow_adding_options hide_results_until_closes '
  + 'members_only country_codes correct_option_id correct_option_ids explanation explanation_parse_mode explanation_entities explanation_media description description_parse_mode description_entities open_period close_date is_closed '
  + 'checklist emoji draft_id can_stop keep_on_stop action reaction is_big sticker provider_token currency prices max_tip_amount suggested_tip_amounts start_parameter provider_data photo_url photo_size photo_width photo_height '
  + 'need_name need_phone_number need_email need_shipping_address send_phone_number_to_provider send_email_to_provider is_flexible game_short_name rich_message inline_message_id ephemeral_message_id score force disable_edit_message '
  + 'gift_id pay_for_upgrade text_parse_mode text_entities until_date revoke_messages only_if_banned permissions use_independent_chat_permissions can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members '
  + 'can_promote_members can_change_info can_invite_users can_manage_tags can_post_stories can_edit_stories can_delete_stories can_post_messages can_edit_messages can_pin_messages can_manage_topics can_manage_direct_messages '
  + 'can_send_welcome_messages custom_title tag sticker_set_name comment send_date name icon_color icon_custom_emoji_id invite_link expire_date member_limit creates_join_request actor_chat_id '
  + 'callback_query_id show_alert url cache_time inline_query_id results is_personal next_offset button shipping_query_id pre_checkout_query_id ok shipping_options error_message chat_join_request_query_id web_app_url '
  + 'web_app_query_id guest_query_id result'
).split(' '));

/** Parameters that decide who is reached. */
export const telling = ['chat_id', 'user_id', 'sender_chat_id', 'receiver_user_id', 'ephemeral_message_parameters', 'inline_message_id'] as const;
