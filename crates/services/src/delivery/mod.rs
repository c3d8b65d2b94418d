//! Life of a message in the outbox.
//!
//! ```text
//! pending ──claim──▶ sending ──▶ sent
//!    ▲                  │  ├───▶ unknown    perhaps sent; a report of the provider settles it
//!    │   retry later    │  ├───▶ withdrawn  has lost its meaning
//!    ╰──────────────────╯  ├───▶ disabled   the recipient has no address
//!                          ╰───▶ dead       given up
//! ```
//!
//! - Claim: the lease with which one worker sends a message (`claims`).
//! - Leader: the one server that runs a channel's worker (`leader_lease`).
//! - Outcome: how one attempt ended (`outcome`); the wait before the next one is in `backoff`.
//! - Report: what the provider tells later (`report`).

mod backoff;
mod claims;
mod leader_lease;
mod outcome;
mod preconditions;
mod report;
mod stats;

pub use claims::{
    CLAIM_DURATION, DeliveryGuarantee, PRIORITIES, claim, due_heads, has_expired_claims,
    is_reply_priority, recover_interrupted, release_expired_claims,
};
pub use db::tables::outbox::{ClaimedMessage, QueueHead};
pub use leader_lease::{acquire_leader_lease, release_leader_lease};
pub use outcome::{
    DeliveryOutcome, PauseReason, RateLimitScope, emit_updated, record_outcome,
    retry_unreachable_now,
};
pub use preconditions::{Destination, ReplacedMessage, replaced_message, resolve_destination};
pub use report::{DeliveryReport, record_report};
pub use stats::{DeliveryStats, read_stats};
