//! What Telegram knows.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use crate::chat::{Author, Chat, Sent, Shown};
use crate::failures::Failures;
use crate::files::Files;
use crate::limits::Limits;
use crate::methods::Profile;
use crate::queue::{Queue, Webhook};
use crate::transcript::Line;
use crate::wire::{ChatType, Content, Message, PrivateChat, UpdateKind, User};

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Refused with an error of the Bot API.
    Refused,
    /// A failure that the test asked for; the request had no effect.
    Failed,
    /// The request had its effect, but the answer never arrived.
    AnswerLost,
}

/// One request of the bot.
#[derive(Debug, Clone)]
pub struct Logged {
    /// In lower case.
    pub method: String,
    pub chat: Option<i64>,
    /// As it was sent, with its tags.
    pub text: Option<String>,
    pub at: Instant,
    pub outcome: Outcome,
}

/// A press that the bot may answer once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// `callback_query_id`
    pub query: String,
    pub person: i64,
    pub data: String,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub chats: BTreeMap<i64, Chat>,
    pub names: HashMap<i64, String>,
    pub queue: Queue,
    pub webhook: Option<Webhook>,
    pub files: Files,
    /// Presses that have not been answered, in their order.
    pub pressed: Vec<Pressed>,
    pub profile: Profile,
    pub failures: Failures,
    pub log: Vec<Logged>,
    pub limits: Option<Limits>,
    /// Counts long polls, so that an older one ends when a newer one comes.
    pub polls: u64,
    messages: i64,
    queries: u64,
    albums: u64,
}

impl State {
    pub fn chat(&mut self, id: i64) -> &mut Chat {
        self.chats.entry(id).or_default()
    }

    pub fn message_id(&mut self) -> i64 {
        self.messages += 1;
        self.messages
    }

    pub fn query_id(&mut self, person: i64) -> String {
        self.queries += 1;
        format!("{person}-{}", self.queries)
    }

    pub fn album_id(&mut self) -> String {
        self.albums += 1;
        format!("album-{}", self.albums)
    }

    fn name(&self, id: i64) -> String {
        self.names.get(&id).cloned().unwrap_or_else(|| "Orang".into())
    }

    /// The person as Telegram describes people.
    pub fn user(&self, id: i64) -> User {
        User::person(id, self.name(id))
    }

    pub fn bot(&self) -> User {
        User::bot(self.profile.name())
    }

    pub fn private(&self, id: i64) -> PrivateChat {
        PrivateChat { id, kind: ChatType::Private, first_name: self.name(id) }
    }

    /// A message of this chat as it travels.
    pub fn message(&self, chat: i64, shown: &Shown) -> Message {
        let replied = shown.reply_to.and_then(|id| self.chats.get(&chat)?.message(id));
        let from = match shown.author {
            Author::Bot => self.bot(),
            Author::Person => self.user(chat),
        };
        Message {
            message_id: shown.id,
            date: shown.sent.date,
            edit_date: shown.sent.edited,
            from,
            chat: self.private(chat),
            // Telegram gives the message that is answered, but not what that one answers.
            reply_to_message: replied.map(|replied| {
                let replied = Shown { reply_to: None, ..replied.clone() };
                Box::new(self.message(chat, &replied))
            }),
            media_group_id: shown.sent.album.clone(),
            has_protected_content: shown.protected,
            content: shown.sent.content.clone(),
            link_preview_options: shown.sent.preview.clone(),
            reply_markup: crate::markup::InlineMarkup::of(&shown.buttons),
        }
    }

    /// Something that the person sends; `said` is how a transcript tells it.
    pub fn person_sends(
        &mut self,
        person: i64,
        said: String,
        content: Content,
        album: Option<String>,
    ) -> i64 {
        let shown = Shown {
            id: self.message_id(),
            author: Author::Person,
            text: said.clone(),
            entities: Vec::new(),
            buttons: Vec::new(),
            has_picture: matches!(content, Content::Photo { .. }),
            reply_to: None,
            silent: false,
            protected: false,
            edits: 0,
            deleted: false,
            sent: Sent {
                date: now(),
                edited: None,
                content,
                album,
                preview: None,
                had_keyboard: false,
            },
        };
        let chat = self.chat(person);
        let reply_to = chat.asked.take();
        let shown = Shown { reply_to, ..shown };
        chat.started = true;
        if chat.keyboard.one_time {
            chat.keyboard = Default::default();
        }
        chat.story.push(Line::Person(said));
        chat.messages.push(shown.clone());
        let message = self.message(person, &shown);
        self.queue.tell(&UpdateKind::Message(message))
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    chrono::Utc::now().timestamp()
}
