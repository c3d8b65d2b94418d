//! What Telegram knows.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chat::{Author, Chat, Line, Shown};
use crate::failures::Failures;

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
    pub method: String,
    pub chat: Option<i64>,
    pub text: Option<String>,
    pub at: Instant,
    pub outcome: Outcome,
}

/// Where updates are sent, once the bot has asked for it.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub chats: BTreeMap<i64, Chat>,
    pub names: HashMap<i64, String>,
    pub updates: VecDeque<(i64, Value)>,
    /// Everything that was ever told, for telling it again.
    pub told: BTreeMap<i64, Value>,
    pub files: HashMap<String, Vec<u8>>,
    pub queries: HashMap<String, i64>,
    pub webhook: Option<Webhook>,
    pub commands: Vec<(String, String)>,
    pub failures: Failures,
    pub log: Vec<Logged>,
    pub limits: Option<Limits>,
    next_update: i64,
    next_message: i64,
    next_file: i64,
    /// Counts long polls, so that an older one ends when a newer one comes.
    pub polls: u64,
}

/// Limits that are really kept.
#[derive(Debug)]
pub(crate) struct Limits {
    pub overall_per_second: u32,
    pub per_chat_per_second: u32,
    pub recent: VecDeque<(Instant, i64)>,
    pub violations: u64,
}

impl Limits {
    /// Counts a message; the seconds to wait if it comes too early.
    pub fn count(&mut self, chat: i64) -> Option<u64> {
        let now = Instant::now();
        while self.recent.front().is_some_and(|(at, _)| now - *at > Duration::from_secs(1)) {
            self.recent.pop_front();
        }
        let of_chat = self.recent.iter().filter(|(_, other)| *other == chat).count();
        let full = self.recent.len() >= self.overall_per_second as usize
            || of_chat >= self.per_chat_per_second as usize;
        if full {
            self.violations += 1;
            return Some(1);
        }
        self.recent.push_back((now, chat));
        None
    }
}

impl State {
    pub fn chat(&mut self, id: i64) -> &mut Chat {
        self.chats.entry(id).or_default()
    }

    pub fn message_id(&mut self) -> i64 {
        self.next_message += 1;
        self.next_message
    }

    pub fn keep_file(&mut self, bytes: Vec<u8>) -> String {
        self.next_file += 1;
        let id = format!("file-{}", self.next_file);
        self.files.insert(id.clone(), bytes);
        id
    }

    pub fn tell(&mut self, kind: &str, content: Value) -> i64 {
        self.next_update += 1;
        let id = 1_000 + self.next_update;
        let update = json!({ "update_id": id, kind: content });
        self.told.insert(id, update.clone());
        self.updates.push_back((id, update));
        id
    }

    /// The person as Telegram describes people.
    pub fn user(&self, id: i64) -> Value {
        let name = self.names.get(&id).cloned().unwrap_or_else(|| "Orang".into());
        json!({ "id": id, "is_bot": false, "first_name": name, "language_code": "id" })
    }

    pub fn private(&self, id: i64) -> Value {
        let name = self.names.get(&id).cloned().unwrap_or_else(|| "Orang".into());
        json!({ "id": id, "type": "private", "first_name": name })
    }

    /// Something that the person sends; `content` has what is special about it.
    pub fn person_sends(&mut self, person: i64, said: String, content: Value) -> i64 {
        let id = self.message_id();
        let mut message = json!({
            "message_id": id,
            "date": chrono::Utc::now().timestamp(),
            "from": self.user(person),
            "chat": self.private(person),
        });
        merge(&mut message, content);
        let chat = self.chat(person);
        chat.started = true;
        chat.story.push(Line::Person(said.clone()));
        chat.messages.push(Shown {
            id,
            author: Author::Person,
            text: said,
            buttons: Vec::new(),
            has_picture: false,
            edits: 0,
            deleted: false,
        });
        self.tell("message", message)
    }
}

pub(crate) fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
