//! State of the fake: chats, users, updates, files and the request log.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use crate::bot_profile::Profile;
use crate::chat::{Chat, ChatEvent, ChatMessage, MessageData, Sender};
use crate::fault_injection::FaultPlan;
use crate::files::FileStore;
use crate::rate_limits::RateLimits;
use crate::types::{ChatType, Content, Message, MessageOrigin, PrivateChat, UpdateKind, User};
use crate::update_queue::{UpdateQueue, WebhookSubscription};

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestOutcome {
    Done,
    /// Refused with an error of the Bot API.
    Refused,
    /// An injected fault; the request had no effect.
    Failed,
    /// The request had its effect, but the response was lost.
    ResponseLost,
}

/// One logged request of the bot.
#[derive(Debug, Clone)]
pub struct LoggedRequest {
    /// In lower case.
    pub method: String,
    pub chat: Option<i64>,
    /// As it was sent, with tags.
    pub text: Option<String>,
    pub at: Instant,
    pub outcome: RequestOutcome,
}

/// A callback query that the bot may answer once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingCallback {
    /// `callback_query_id`
    pub query_id: String,
    pub user_id: i64,
    pub data: String,
}

/// What Telegram's clock shows, in seconds since 1970; the real time by default.
pub(crate) struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(|| chrono::Utc::now().timestamp())
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub clock: Clock,
    pub chats: BTreeMap<i64, Chat>,
    pub names: HashMap<i64, String>,
    /// Language tags of people whose Telegram is not Indonesian.
    pub languages: HashMap<i64, &'static str>,
    pub queue: UpdateQueue,
    pub webhook: Option<WebhookSubscription>,
    pub files: FileStore,
    /// Unanswered callback queries, oldest first.
    pub pending_callbacks: Vec<PendingCallback>,
    pub profile: Profile,
    pub fault_plan: FaultPlan,
    pub log: Vec<LoggedRequest>,
    pub limits: Option<RateLimits>,
    /// Number of the newest long poll; an older one ends when it sees a newer number.
    pub polls: u64,
    messages: i64,
    queries: u64,
    albums: u64,
}

impl State {
    pub fn chat(&mut self, id: i64) -> &mut Chat {
        self.chats.entry(id).or_default()
    }

    pub fn next_message_id(&mut self) -> i64 {
        self.messages += 1;
        self.messages
    }

    pub fn next_query_id(&mut self, person: i64) -> String {
        self.queries += 1;
        format!("{person}-{}", self.queries)
    }

    pub fn next_album_id(&mut self) -> String {
        self.albums += 1;
        format!("album-{}", self.albums)
    }

    fn name(&self, id: i64) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| "Orang".into())
    }

    /// Returns the user as a `User` object.
    pub fn user(&self, id: i64) -> User {
        User::human(id, self.name(id), self.languages.get(&id).copied().unwrap_or("id"))
    }

    pub fn bot(&self) -> User {
        User::bot(self.profile.name())
    }

    pub fn private_chat(&self, id: i64) -> PrivateChat {
        PrivateChat { id, kind: ChatType::Private, first_name: self.name(id) }
    }

    /// Returns a message of this chat as a `Message` object.
    pub fn message(&self, chat: i64, shown: &ChatMessage) -> Message {
        let replied = shown.reply_to.and_then(|id| self.chats.get(&chat)?.message(id));
        let from = match shown.sender {
            Sender::Bot => self.bot(),
            Sender::User => self.user(chat),
        };
        Message {
            message_id: shown.id,
            date: shown.data.date,
            forward_origin: shown.data.forwarded.clone(),
            edit_date: shown.data.edited,
            from,
            chat: self.private_chat(chat),
            // Telegram includes the message replied to, but not the one that this one replies to.
            reply_to_message: replied.map(|replied| {
                let replied = ChatMessage { reply_to: None, ..replied.clone() };
                Box::new(self.message(chat, &replied))
            }),
            media_group_id: shown.data.album.clone(),
            has_protected_content: shown.protected,
            content: shown.data.content.clone(),
            link_preview_options: shown.data.preview.clone(),
            reply_markup: crate::markup::inline_markup_json(&shown.buttons),
        }
    }

    /// Seconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock.0)()
    }

    pub fn record_webhook_error(&mut self, why: String) {
        let now = self.now();
        if let Some(hook) = &mut self.webhook {
            hook.last_error = Some((now, why));
        }
    }

    /// Adds a message of the user; `said` is its line in a transcript.
    pub fn receive_from_user(
        &mut self,
        person: i64,
        said: String,
        content: Content,
        how: SentAs,
    ) -> i64 {
        let date = how.date.unwrap_or_else(|| self.now());
        let shown = ChatMessage {
            id: self.next_message_id(),
            sender: Sender::User,
            text: said.clone(),
            entities: Vec::new(),
            buttons: Vec::new(),
            has_photo: matches!(content, Content::Photo { .. }),
            reply_to: None,
            silent: false,
            protected: false,
            edits: 0,
            deleted: false,
            data: MessageData {
                date,
                edited: None,
                content,
                album: how.album,
                forwarded: how.forwarded,
                preview: None,
                had_keyboard: false,
            },
        };
        let chat = self.chat(person);
        let reply_to = chat.awaited_reply_to.take();
        let shown = ChatMessage { reply_to, ..shown };
        chat.started = true;
        if chat.keyboard.one_time {
            chat.keyboard = Default::default();
        }
        chat.events.push(ChatEvent::User(said));
        chat.messages.push(shown.clone());
        let message = self.message(person, &shown);
        self.queue.push(&UpdateKind::Message(message))
    }
}

/// How a user has sent a message.
#[derive(Debug, Clone, Default)]
pub(crate) struct SentAs {
    pub album: Option<String>,
    pub forwarded: Option<MessageOrigin>,
    /// When Telegram got it, in seconds since 1970, if not now.
    pub date: Option<i64>,
}
