//! Updates.

use serde::Serialize;

use super::{Message, PrivateChat, User};

/// The content of an update.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UpdateKind {
    Message(Message),
    EditedMessage(Message),
    CallbackQuery(CallbackQuery),
    MyChatMember(ChatMemberUpdated),
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct CallbackQuery {
    pub id: String,
    pub from: User,
    pub message: MaybeInaccessible,
    pub chat_instance: String,
    pub data: String,
}

/// The message of a callback query, or its ids if it was deleted.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum MaybeInaccessible {
    Message(Box<Message>),
    /// `date` is always 0.
    Inaccessible {
        chat: PrivateChat,
        message_id: i64,
        date: i64,
    },
}

/// The user has blocked or unblocked the bot.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ChatMemberUpdated {
    pub chat: PrivateChat,
    pub from: User,
    pub date: i64,
    pub old_chat_member: ChatMember,
    pub new_chat_member: ChatMember,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub(crate) enum ChatMember {
    Member {
        user: User,
    },
    /// The user has blocked the bot.
    Kicked {
        user: User,
        until_date: i64,
    },
}

impl ChatMember {
    pub fn bot(user: User, blocked: bool) -> Self {
        if blocked { Self::Kicked { user, until_date: 0 } } else { Self::Member { user } }
    }
}
