//! Which messages leave next.

use std::collections::HashMap;

use services::delivery::{self, PRIORITIES};
use services::delivery::{ClaimedMessage, QueueHead};
use services::{Conn, Db, Error};
use shared::{ChatId, NotificationId};
use tokio::time::Instant;

/// Whose turn it is among the chats, for each priority: the chats behind this one.
#[derive(Debug, Clone, Copy)]
pub struct RoundRobin([ChatId; PRIORITIES.len()]);

impl Default for RoundRobin {
    fn default() -> Self {
        Self([ChatId(i64::MIN); PRIORITIES.len()])
    }
}

/// What may leave.
pub struct Capacity {
    pub wanted: usize,
    /// Those of them that may be something else than an answer to somebody.
    pub notices: usize,
    /// Chats that get nothing for the moment, and until when.
    pub resting: HashMap<ChatId, Instant>,
}

/// What leaves.
#[derive(Default)]
pub struct ClaimedBatch {
    /// And whether it is an answer to somebody.
    pub taken: Vec<(ClaimedMessage, bool)>,
    /// When the first of the chats is free that something waits for.
    pub chat_free_at: Option<Instant>,
}

/// What was found to be due.
#[derive(Default)]
struct DueHeads {
    /// With its place among the priorities.
    heads: Vec<(usize, QueueHead)>,
    chat_free_at: Option<Instant>,
}

/// Takes up what leaves now: answers first, then what is for one person, then what is for many, and
/// among equals each chat in its turn.
///
/// # Errors
/// The database fails.
pub async fn claim_next(
    db: &Db,
    turns: &mut RoundRobin,
    pick: Capacity,
) -> Result<ClaimedBatch, Error> {
    let (now, from) = (db.clock().now(), *turns);
    let found = db.read(move |conn| find_due(conn, now, from, pick)).await?;
    if found.heads.is_empty() {
        return Ok(ClaimedBatch { taken: Vec::new(), chat_free_at: found.chat_free_at });
    }
    for (place, head) in &found.heads {
        turns.0[*place] = head.chat_id;
    }
    let ids: Vec<NotificationId> = found.heads.iter().map(|(_, head)| head.id).collect();
    let messages = db.write_essential(move |tx| delivery::claim(tx, &ids)).await?;
    let is_answer = |message: &ClaimedMessage| {
        let head = found.heads.iter().find(|(_, head)| head.id == message.id);
        head.is_some_and(|(place, _)| delivery::is_reply_priority(PRIORITIES[*place]))
    };
    let taken = messages.into_iter().map(|message| (is_answer(&message), message));
    let taken = taken.map(|(answer, message)| (message, answer)).collect();
    Ok(ClaimedBatch { taken, chat_free_at: found.chat_free_at })
}

fn find_due(
    conn: &mut Conn,
    now: chrono::DateTime<chrono::Utc>,
    turns: RoundRobin,
    pick: Capacity,
) -> Result<DueHeads, Error> {
    let (mut found, mut taken_chats) = (DueHeads::default(), Vec::new());
    for (place, priority) in PRIORITIES.into_iter().enumerate() {
        let most = if delivery::is_reply_priority(priority) { pick.wanted } else { pick.notices };
        let wanted = most.min(pick.wanted.saturating_sub(found.heads.len()));
        if wanted == 0 {
            continue;
        }
        let limit = wanted + pick.resting.len() + taken_chats.len();
        let mut count = 0;
        for head in delivery::due_heads(conn, now, priority, turns.0[place], limit)? {
            if let Some(free_at) = pick.resting.get(&head.chat_id) {
                let soonest = found.chat_free_at.map_or(*free_at, |at| at.min(*free_at));
                found.chat_free_at = Some(soonest);
            } else if count < wanted && !taken_chats.contains(&head.chat_id) {
                count += 1;
                taken_chats.push(head.chat_id);
                found.heads.push((place, head));
            }
        }
    }
    Ok(found)
}
