//! Retention times: how long data is stored before housekeeping deletes it.

use chrono::TimeDelta;

/// Responses stored for repeated requests with the same `Idempotency-Key`.
pub const IDEMPOTENT_RESPONSES: TimeDelta = TimeDelta::hours(24);
/// Live events stored for clients that reconnect.
pub const LIVE_EVENTS: TimeDelta = TimeDelta::hours(24);
/// Ended sessions.
pub const ENDED_SESSIONS: TimeDelta = TimeDelta::days(30);
/// Entries of the login history.
pub const LOGIN_HISTORY: TimeDelta = TimeDelta::days(90);
/// Login throttle counters: after this time every counter has decayed to zero.
pub const LOGIN_THROTTLES: TimeDelta = TimeDelta::hours(24);
/// Login throttle counters of one failure: after this time they have decayed to zero.
pub const SINGLE_LOGIN_FAILURES: TimeDelta = TimeDelta::hours(1);
/// Processed Telegram updates: Telegram repeats updates for up to a day.
pub const TELEGRAM_UPDATES: TimeDelta = TimeDelta::days(3);
/// Unfinished applications of technicians, and their photos of identity cards.
pub const UNFINISHED_APPLICATIONS: TimeDelta = TimeDelta::days(7);
/// Former values of imported rows: after this time an import can no longer be undone.
pub const IMPORT_UNDO: TimeDelta = TimeDelta::days(30);
