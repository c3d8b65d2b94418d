//! PostgreSQL `LISTEN` thread: receives live events and work of all server instances.
//!
//! A commit with live events notifies one channel; each instance then reads the events that it has not
//! published yet, so that the payload has no size limit and a lost connection loses nothing. A commit
//! with work for a background worker notifies a second channel, because the worker may run in another
//! instance.

use std::sync::Weak;
use std::time::Duration;

use diesel::connection::SimpleConnection;

use crate::config::DatabaseUrl;
use crate::conn::Conn;
use crate::error::DbError;
use crate::live_bus::LiveBus;
use crate::tables::live_events;
use crate::worker_wakeups::{BackgroundWorker, WorkerWakeups};

/// Time between two polls for notifications.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// Wait before reconnecting.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// The channel for work of background workers.
const WORK_CHANNEL: &str = "work";

/// Wakes the background workers of every instance when the transaction commits.
pub fn notify_work(conn: &mut Conn) -> Result<(), DbError> {
    Ok(conn.batch_execute(&format!("NOTIFY {WORK_CHANNEL}"))?)
}

/// Receivers of the notifications.
pub struct EventSinks {
    pub bus: LiveBus,
    pub worker_wakeups: WorkerWakeups,
}

/// Starts the thread. It ends when the database handle behind `alive` is dropped.
pub fn start(
    url: DatabaseUrl,
    mut conn: Conn,
    sinks: EventSinks,
    alive: Weak<()>,
) -> std::io::Result<()> {
    let since = live_events::newest(&mut conn).unwrap_or(0);
    std::thread::Builder::new()
        .name("postgres-events".into())
        .spawn(move || listen_while_alive(&url, conn, &sinks, since, &alive))
        .map(|_| ())
}

fn listen_while_alive(
    url: &DatabaseUrl,
    mut conn: Conn,
    sinks: &EventSinks,
    mut seen: i64,
    alive: &Weak<()>,
) {
    while alive.strong_count() > 0 {
        let Err(error) = listen(&mut conn, sinks, &mut seen, alive) else { return };
        log::warn!("live events: the database connection was lost ({error}); opening it again");
        std::thread::sleep(RECONNECT_DELAY);
        if let Ok(fresh) = Conn::open(url) {
            conn = fresh;
        }
    }
}

fn listen(
    conn: &mut Conn,
    sinks: &EventSinks,
    seen: &mut i64,
    alive: &Weak<()>,
) -> Result<(), DbError> {
    conn.batch_execute(&format!("LISTEN live_events; LISTEN {WORK_CHANNEL}"))?;
    publish_new(conn, &sinks.bus, seen)?;
    while alive.strong_count() > 0 {
        let heard = poll_notifications(conn)?;
        if heard.work {
            sinks.worker_wakeups.wake(BackgroundWorker::Outbox);
            sinks.worker_wakeups.wake(BackgroundWorker::TelegramInbox);
        }
        if heard.events {
            publish_new(conn, &sinks.bus, seen)?;
        } else {
            std::thread::sleep(POLL_INTERVAL);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Notifications {
    events: bool,
    work: bool,
}

fn poll_notifications(conn: &mut Conn) -> Result<Notifications, DbError> {
    let mut heard = Notifications::default();
    let Conn::Postgres(pg) = conn else { return Ok(heard) };
    for notification in pg.notifications_iter() {
        match notification?.channel.as_str() {
            WORK_CHANNEL => heard.work = true,
            _ => heard.events = true,
        }
    }
    Ok(heard)
}

fn publish_new(conn: &mut Conn, bus: &LiveBus, seen: &mut i64) -> Result<(), DbError> {
    let fresh = live_events::after(conn, *seen, i64::MAX)?;
    if let Some(last) = fresh.last() {
        *seen = last.seq;
    }
    bus.publish(fresh);
    Ok(())
}
