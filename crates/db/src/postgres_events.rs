//! Hearing of the live events and the work of every server instance on PostgreSQL.
//!
//! A commit with events notifies a channel; each instance then reads the events it has not
//! published yet. So the payload has no size limit and a lost connection loses nothing. A commit with
//! work for a worker notifies another one: the worker may run in another instance.

use std::sync::Weak;
use std::time::Duration;

use diesel::connection::SimpleConnection;

use crate::config::DatabaseUrl;
use crate::conn::Conn;
use crate::error::DbError;
use crate::live_bus::LiveBus;
use crate::signals::{Signals, Worker};
use crate::tables::live_events;

/// How soon a notification is noticed.
const POLL: Duration = Duration::from_millis(20);
/// Wait before a lost connection is opened again.
const RECONNECT: Duration = Duration::from_secs(1);

/// The channel of work for workers.
const WORK: &str = "work";

/// Wakes the workers of every instance once the transaction is committed.
pub fn notify_work(conn: &mut Conn) -> Result<(), DbError> {
    Ok(conn.batch_execute(&format!("NOTIFY {WORK}"))?)
}

/// Where what was heard goes.
pub struct Ends {
    pub bus: LiveBus,
    pub signals: Signals,
}

/// Listens until the database handle behind `alive` is dropped.
pub fn start(url: DatabaseUrl, mut conn: Conn, ends: Ends, alive: Weak<()>) -> std::io::Result<()> {
    let since = live_events::newest(&mut conn).unwrap_or(0);
    std::thread::Builder::new()
        .name("postgres-events".into())
        .spawn(move || listen_while_alive(&url, conn, &ends, since, &alive))
        .map(|_| ())
}

fn listen_while_alive(
    url: &DatabaseUrl,
    mut conn: Conn,
    ends: &Ends,
    mut seen: i64,
    alive: &Weak<()>,
) {
    while alive.strong_count() > 0 {
        let Err(error) = listen(&mut conn, ends, &mut seen, alive) else { return };
        log::warn!("live events: the database connection was lost ({error}); opening it again");
        std::thread::sleep(RECONNECT);
        if let Ok(fresh) = Conn::open(url) {
            conn = fresh;
        }
    }
}

fn listen(conn: &mut Conn, ends: &Ends, seen: &mut i64, alive: &Weak<()>) -> Result<(), DbError> {
    conn.batch_execute(&format!("LISTEN live_events; LISTEN {WORK}"))?;
    publish_new(conn, &ends.bus, seen)?;
    while alive.strong_count() > 0 {
        let heard = heard(conn)?;
        if heard.work {
            ends.signals.wake(Worker::Outbox);
            ends.signals.wake(Worker::TelegramInbox);
        }
        if heard.events {
            publish_new(conn, &ends.bus, seen)?;
        } else {
            std::thread::sleep(POLL);
        }
    }
    Ok(())
}

#[derive(Default)]
struct Heard {
    events: bool,
    work: bool,
}

fn heard(conn: &mut Conn) -> Result<Heard, DbError> {
    let mut heard = Heard::default();
    let Conn::Postgres(pg) = conn else { return Ok(heard) };
    for notification in pg.notifications_iter() {
        match notification?.channel.as_str() {
            WORK => heard.work = true,
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
