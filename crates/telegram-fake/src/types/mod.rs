//! Objects of the Bot API. They have every field that Telegram documents as required, so that strict
//! client libraries can parse them.

mod content;
mod markup;
mod update;

pub(crate) use content::{Caption, Contact, Content, Document, Location, MessageOrigin};
pub(crate) use content::{PhotoSize, Sticker, Venue, Voice};
pub(crate) use markup::{InlineButtonJson, InlineMarkupJson};
pub(crate) use update::{
    CallbackQuery, ChatMember, ChatMemberUpdated, MaybeInaccessible, UpdateKind,
};

use serde::Serialize;

/// The user id of the bot.
pub(crate) const BOT_ID: i64 = 700_000;
/// The user name of the bot.
pub const BOT_USERNAME: &str = "isp_uji_bot";

#[derive(Debug, Clone, Serialize)]
pub(crate) struct User {
    pub id: i64,
    pub is_bot: bool,
    pub first_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<&'static str>,
}

impl User {
    pub fn human(id: i64, first_name: String, language: &'static str) -> Self {
        Self { id, is_bot: false, first_name, username: None, language_code: Some(language) }
    }

    pub fn bot(name: &str) -> Self {
        let first_name = name.to_owned();
        Self {
            id: BOT_ID,
            is_bot: true,
            first_name,
            username: Some(BOT_USERNAME),
            language_code: None,
        }
    }
}

/// The result of `getMe`.
#[derive(Debug, Serialize)]
pub(crate) struct Me {
    #[serde(flatten)]
    pub user: User,
    #[serde(flatten)]
    pub capabilities: BotCapabilities,
}

/// All false: the bot uses private chats only.
#[derive(Debug, Default, Serialize)]
pub(crate) struct BotCapabilities {
    can_join_groups: bool,
    can_read_all_group_messages: bool,
    supports_inline_queries: bool,
    can_connect_to_business: bool,
    has_main_web_app: bool,
    has_topics_enabled: bool,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ChatType {
    Private,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct PrivateChat {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: ChatType,
    pub first_name: String,
}

/// The result of `getChat`.
#[derive(Debug, Serialize)]
pub(crate) struct FullChat {
    #[serde(flatten)]
    pub chat: PrivateChat,
    pub accent_color_id: i32,
    pub max_reaction_count: i32,
    pub accepted_gift_types: GiftTypes,
}

#[derive(Debug, Default, Serialize)]
pub(crate) struct GiftTypes {
    unlimited_gifts: bool,
    limited_gifts: bool,
    unique_gifts: bool,
    premium_subscription: bool,
    gifts_from_channels: bool,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    pub message_id: i64,
    pub date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forward_origin: Option<MessageOrigin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_date: Option<i64>,
    pub from: User,
    pub chat: PrivateChat,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to_message: Option<Box<Message>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_group_id: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_protected_content: bool,
    #[serde(flatten)]
    pub content: Content,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_preview_options: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_markup: Option<InlineMarkupJson>,
}

#[derive(Debug, Serialize)]
pub(crate) struct File {
    pub file_id: String,
    pub file_unique_id: String,
    pub file_size: usize,
    pub file_path: String,
}

/// The result of `getWebhookInfo`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct WebhookInfo {
    pub url: String,
    pub has_custom_certificate: bool,
    pub pending_update_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_connections: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_updates: Option<Vec<String>>,
}

/// The result of a method.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ResponseBody {
    Done(bool),
    Me(Me),
    Chat(FullChat),
    Message(Box<Message>),
    Messages(Vec<Message>),
    Updates(Vec<serde_json::Value>),
    File(File),
    Webhook(WebhookInfo),
    Commands(Vec<Command>),
    Texts(std::collections::BTreeMap<&'static str, String>),
}

/// One command of the menu.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
pub(crate) struct Command {
    pub command: String,
    pub description: String,
}
