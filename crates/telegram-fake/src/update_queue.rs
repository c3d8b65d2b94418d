//! Queue of updates that the bot has not confirmed.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use crate::types::UpdateKind;

/// Update kinds that a bot gets only if `allowed_updates` names them.
const OPT_IN_KINDS: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// The update id before the first one.
const INITIAL_UPDATE_ID: i64 = 1_000;

#[derive(Debug, Default)]
pub(crate) struct UpdateQueue {
    /// In the order of delivery.
    waiting: VecDeque<(i64, Value)>,
    /// All updates so far, for redelivery.
    history: BTreeMap<i64, Value>,
    /// `allowed_updates`; if empty, all kinds but [`OPT_IN_KINDS`].
    allowed: Vec<String>,
    newest: i64,
}

/// The webhook that the bot has set.
#[derive(Debug, Clone, Default)]
pub(crate) struct WebhookSubscription {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: Option<i64>,
    /// Seconds since 1970, and the error.
    pub last_error: Option<(i64, String)>,
}

impl UpdateQueue {
    /// Adds an update; the bot gets it if `allowed_updates` includes its kind.
    pub fn push(&mut self, kind: &UpdateKind) -> i64 {
        match serde_json::to_value(kind) {
            Ok(Value::Object(fields)) => self.add(fields, false),
            _ => self.newest,
        }
    }

    /// Adds an update of one kind with unchecked content.
    pub fn push_raw(&mut self, kind: &str, content: Value) -> i64 {
        self.add(Map::from_iter([(kind.to_owned(), content)]), true)
    }

    /// Adds a whole update; without an `update_id` it gets the next one.
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

    /// Queues an update once more, before all others.
    pub fn redeliver(&mut self, id: i64) {
        if let Some(update) = self.history.get(&id) {
            self.waiting.push_front((id, update.clone()));
        }
    }

    /// Sets `allowed_updates`.
    pub fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = kinds;
    }

    pub fn allowed(&self) -> &[String] {
        &self.allowed
    }

    /// Removes the updates before `offset`. A negative offset counts from the end.
    pub fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let kept = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let gone = self.waiting.len().saturating_sub(kept);
            self.waiting.drain(..gone);
        } else {
            self.waiting.retain(|(id, _)| *id >= offset);
        }
    }

    /// Removes one update.
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
