//! Updates that wait for the bot.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use crate::types::UpdateKind;

/// Kinds that a bot gets only when it names them.
const OPT_IN_KINDS: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// The number before the first update.
const INITIAL_UPDATE_ID: i64 = 1_000;

#[derive(Debug, Default)]
pub(crate) struct UpdateQueue {
    /// In the order in which the bot gets them.
    waiting: VecDeque<(i64, Value)>,
    /// Everything that ever happened, for telling it again.
    history: BTreeMap<i64, Value>,
    /// `allowed_updates`; everything usual, if it is empty.
    allowed: Vec<String>,
    newest: i64,
}

/// Where updates are sent, once the bot has asked for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct WebhookSubscription {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: Option<i64>,
    /// Seconds since 1970, and what went wrong.
    pub last_error: Option<(i64, String)>,
}

impl UpdateQueue {
    /// Something happens. The bot is told, if it wants to know of such things.
    pub fn push(&mut self, kind: &UpdateKind) -> i64 {
        match serde_json::to_value(kind) {
            Ok(Value::Object(fields)) => self.add(fields, false),
            _ => self.newest,
        }
    }

    /// Tells one thing whose content is not looked at.
    pub fn push_raw(&mut self, kind: &str, content: Value) -> i64 {
        self.add(Map::from_iter([(kind.to_owned(), content)]), true)
    }

    /// Tells an update as it is; without an `update_id` it gets one.
    pub fn push_update(&mut self, update: Value) -> i64 {
        match update {
            Value::Object(fields) => self.add(fields, true),
            _ => self.newest,
        }
    }

    fn add(&mut self, mut fields: Map<String, Value>, always: bool) -> i64 {
        let given = fields.get("update_id").and_then(Value::as_i64);
        let id = given.unwrap_or(self.newest.max(INITIAL_UPDATE_ID) + 1);
        self.newest = self.newest.max(id);
        let wanted = always || fields.keys().any(|kind| self.wants(kind));
        fields.insert("update_id".to_owned(), Value::from(id));
        let update = Value::Object(fields);
        if wanted {
            self.waiting.push_back((id, update.clone()));
        }
        self.history.insert(id, update);
        id
    }

    fn wants(&self, kind: &str) -> bool {
        if self.allowed.is_empty() {
            return !OPT_IN_KINDS.contains(&kind);
        }
        self.allowed.iter().any(|allowed| allowed == kind)
    }

    /// Tells an update again, before everything else.
    pub fn redeliver(&mut self, id: i64) {
        if let Some(update) = self.history.get(&id) {
            self.waiting.push_front((id, update.clone()));
        }
    }

    /// Which updates the bot wants from now on.
    pub fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = kinds;
    }

    pub fn allowed(&self) -> &[String] {
        &self.allowed
    }

    /// The bot has everything before `offset`. A negative one counts from the end.
    pub fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let kept = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let gone = self.waiting.len().saturating_sub(kept);
            self.waiting.drain(..gone);
        } else {
            self.waiting.retain(|(id, _)| *id >= offset);
        }
    }

    /// The bot has taken this one.
    pub fn remove(&mut self, id: i64) {
        self.waiting.retain(|(other, _)| *other != id);
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    pub fn peek(&self, limit: usize) -> Vec<Value> {
        self.waiting.iter().take(limit).map(|(_, update)| update.clone()).collect()
    }

    pub fn front(&self) -> Option<&(i64, Value)> {
        self.waiting.front()
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }
}
