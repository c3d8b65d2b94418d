//! Hearing the live events of every server instance on PostgreSQL.
//!
//! A commit with events notifies the channel; each instance then reads the events it has not
//! published yet. So the payload has no size limit and a lost connection loses nothing.

use std::sync::Weak;
use std::time::Duration;

use diesel::connection::SimpleConnection;

use crate::config::DatabaseUrl;
use crate::conn::Conn;
use crate::error::DbError;
use crate::live_bus::LiveBus;
use crate::tables::live_events;

/// How soon a notification is noticed.
const POLL: Duration = Duration::from_millis(20);
/// Wait before a lost connection is opened again.
const RECONNECT: Duration = Duration::from_secs(1);

/// Listens until the database handle behind `alive` is dropped.
pub fn start(
    url: DatabaseUrl,
    mut conn: Conn,
    bus: LiveBus,
    alive: Weak<()>,
) -> std::io::Result<()> {
    let since = live_events::newest(&mut conn).unwrap_or(0);
    std::thread::Builder::new()
        .name("postgres-events".into())
        .spawn(move || listen_while_alive(&url, conn, &bus, since, &alive))
        .map(|_| ())
}

fn listen_while_alive(
    url: &DatabaseUrl,
    mut conn: Conn,
    bus: &LiveBus,
    mut seen: i64,
    alive: &Weak<()>,
) {
    while alive.strong_count() > 0 {
        let Err(error) = listen(&mut conn, bus, &mut seen, alive) else { return };
        log::warn!("live events: the database connection was lost ({error}); opening it again");
        std::thread::sleep(RECONNECT);
        if let Ok(fresh) = Conn::open(url) {
            conn = fresh;
        }
    }
}

fn listen(conn: &mut Conn, bus: &LiveBus, seen: &mut i64, alive: &Weak<()>) -> Result<(), DbError> {
    conn.batch_execute("LISTEN live_events")?;
    publish_new(conn, bus, seen)?;
    while alive.strong_count() > 0 {
        if heard(conn)? {
            publish_new(conn, bus, seen)?;
        } else {
            std::thread::sleep(POLL);
        }
    }
    Ok(())
}

fn heard(conn: &mut Conn) -> Result<bool, DbError> {
    let Conn::Postgres(pg) = conn else { return Ok(false) };
    let mut any = false;
    for notification in pg.notifications_iter() {
        notification?;
        any = true;
    }
    Ok(any)
}

fn publish_new(conn: &mut Conn, bus: &LiveBus, seen: &mut i64) -> Result<(), DbError> {
    let fresh = live_events::after(conn, *seen, i64::MAX)?;
    if let Some(last) = fresh.last() {
        *seen = last.seq;
    }
    bus.publish(fresh);
    Ok(())
}
