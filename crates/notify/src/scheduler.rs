//! Selection of the messages that leave next.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use services::Error;
use services::delivery::{self, ClaimedMessage, PRIORITIES, QueueHead};
use services::{Conn, Db};
use shared::NotificationId;
use shared::notification::Channel;
use tokio::time::Instant;

/// The address that was served last in each priority. The search goes on behind it, so that the
/// addresses take turns.
#[derive(Debug, Clone, Default)]
pub struct RoundRobin {
    last_served: [String; PRIORITIES.len()],
    /// Replies that were claimed since something else was.
    replies_in_row: usize,
}

/// After so many replies a message of another kind leaves before the next one, so that a channel that is
/// busy with conversations still delivers notices.
const MAX_REPLIES_IN_ROW: usize = 4;

impl RoundRobin {
    fn are_interrupted(&self) -> bool {
        self.replies_in_row >= MAX_REPLIES_IN_ROW
    }
}

/// What may leave now.
pub struct Capacity {
    pub total: usize,
    /// How many of them may be something else than replies.
    pub non_replies: usize,
    /// Addresses that get nothing now, and until when.
    pub blocked: HashMap<String, Instant>,
}

/// Messages that were claimed.
#[derive(Default)]
pub struct ClaimedBatch {
    pub messages: Vec<Claimed>,
    /// When the first blocked address with a due message is free.
    pub next_free_at: Option<Instant>,
}

/// One claimed message.
pub struct Claimed {
    pub message: ClaimedMessage,
    pub is_reply: bool,
}

/// Due messages, at most one for each address.
#[derive(Default)]
struct DueHeads {
    /// With the index of their priority.
    heads: Vec<(usize, QueueHead)>,
    next_free_at: Option<Instant>,
}

/// Claims what leaves now: replies first, then what is for one person, then what is for many. Within
/// a priority the addresses take turns. A long row of replies is interrupted by one other message.
pub async fn claim_next(
    db: &Db,
    channel: Channel,
    turns: &mut RoundRobin,
    capacity: Capacity,
) -> Result<ClaimedBatch, Error> {
    let (now, last_served) = (db.clock().now(), turns.clone());
    let find = move |conn: &mut Conn| find_due(conn, channel, now, &last_served, &capacity);
    let DueHeads { heads, next_free_at } = db.read(find).await?;
    if heads.is_empty() {
        return Ok(ClaimedBatch { messages: Vec::new(), next_free_at });
    }
    let ids: Vec<NotificationId> = heads.iter().map(|(_, head)| head.id).collect();
    let replies = heads.iter().filter(|(place, _)| delivery::is_reply_priority(PRIORITIES[*place]));
    let replies: HashSet<NotificationId> = replies.map(|(_, head)| head.id).collect();
    // An interruption that found nothing counts too: the search for it is not repeated at each reply.
    if turns.are_interrupted() || replies.len() < heads.len() {
        turns.replies_in_row = 0;
    } else {
        turns.replies_in_row += replies.len();
    }
    for (place, head) in heads {
        turns.last_served[place] = head.address;
    }
    let messages = db.write_essential(move |tx| delivery::claim(tx, &ids)).await?;
    let claimed =
        |message: ClaimedMessage| Claimed { is_reply: replies.contains(&message.id), message };
    Ok(ClaimedBatch { messages: messages.into_iter().map(claimed).collect(), next_free_at })
}

fn find_due(
    conn: &mut Conn,
    channel: Channel,
    now: DateTime<Utc>,
    turns: &RoundRobin,
    capacity: &Capacity,
) -> Result<DueHeads, Error> {
    let (mut due, mut taken) = (DueHeads::default(), HashSet::new());
    let interrupted = turns.are_interrupted();
    let others = (1..PRIORITIES.len()).filter(|_| interrupted).map(|place| (place, true));
    let all = (0..PRIORITIES.len()).map(|place| (place, false));
    for (place, only_one) in others.chain(all) {
        let priority = PRIORITIES[place];
        let is_reply = delivery::is_reply_priority(priority);
        let max = match (only_one, is_reply) {
            (true, _) => capacity.non_replies.min(1_usize.saturating_sub(due.heads.len())),
            (false, true) => capacity.total,
            (false, false) => capacity.non_replies,
        };
        let wanted = max.min(capacity.total.saturating_sub(due.heads.len()));
        if wanted == 0 {
            continue;
        }
        let limit = wanted + capacity.blocked.len() + taken.len();
        let mut count = 0;
        for head in
            delivery::due_heads(conn, channel, now, priority, &turns.last_served[place], limit)?
        {
            if let Some(free_at) = capacity.blocked.get(&head.address) {
                let soonest = due.next_free_at.map_or(*free_at, |at| at.min(*free_at));
                due.next_free_at = Some(soonest);
            } else if count < wanted && taken.insert(head.address.clone()) {
                count += 1;
                due.heads.push((place, head));
            }
        }
    }
    Ok(due)
}
