//! What a live connection may cost, and when it ends.

use std::time::{Duration, Instant};

use api::{AppState, LiveLimits};
use chrono::TimeDelta;
use db::schema;
use diesel::prelude::*;
use shared::live::{LiveEvent, SessionEvent};
use shared::session::TicketResponse;
use shared::{ErrorCode, Role, SessionId, UserId};
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::harness::client::expect;
use crate::harness::{Backend, Client, TestApp};
use crate::live_events::Socket;
use crate::on_both_databases;

on_both_databases!(starting:
    a_browser_that_never_reads_is_disconnected_and_others_receive_everything,
    a_client_that_never_reads_responses_is_disconnected,
    a_connection_ends_with_its_session_unless_renewed,
    an_expired_session_cannot_connect,
    a_shutdown_is_announced_to_every_connection,
);

/// Longest that the end of something is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a browser whose login or device has changed is told to go.
const POLICY: u16 = 1008;
/// How a server that stops says so.
const GOING_AWAY: u16 = 1001;

/// Everything as usual, only sooner.
fn soon(state: &mut AppState) {
    state.live_limits = LiveLimits {
        ping_after_bytes: 16 * 1024,
        max_unread_bytes: 64 * 1024,
        unread_timeout: Duration::from_millis(300),
        close_timeout: Duration::from_millis(300),
        check_every: Duration::from_millis(20),
        ..LiveLimits::default()
    };
}

async fn impatient(backend: Backend) -> TestApp {
    TestApp::start_tuned(backend, &[], soon).await
}

/// Tells a login so many events in one change.
async fn tell(app: &TestApp, user_id: UserId, events: i64) {
    app.db
        .write(move |tx| {
            for number in 0..events {
                let event = SessionEvent { id: SessionId(1_000_000 + number), user_id };
                tx.emit(LiveEvent::SessionEnded(event));
            }
            Ok::<_, services::Error>(())
        })
        .await
        .unwrap();
}

/// A connection that takes as little as it may without being read.
async fn connect(base: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(base.trim_start_matches("http://").parse().unwrap()).await.unwrap()
}

/// Keeps sending this without ever reading until the server has ended the connection.
async fn until_cut_off(stream: &mut TcpStream, bytes: &[u8]) {
    let begun = Instant::now();
    while stream.write_all(bytes).await.is_ok() {
        assert!(begun.elapsed() < PATIENCE, "still there");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_browser_that_never_reads_is_disconnected_and_others_receive_everything(
    backend: Backend,
) {
    let app = impatient(backend).await;
    let cs = app.login(Role::Cs).await;
    let mut reader = Socket::open(&cs, None).await;
    reader.until_ready().await;
    let ticket: TicketResponse = cs.post("/ws/ticket", &()).await;
    let mut deaf = connect(&cs.base).await;
    let request = format!(
        "GET /api/ws?ticket={} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        ticket.ticket
    );
    deaf.write_all(request.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains("\"ready\"") {
        assert_ne!(deaf.read_buf(&mut heard).await.unwrap(), 0);
    }
    let own = cs.user.clone().unwrap().id;
    for _ in 0..4 {
        tell(&app, own, 1_000).await;
        for _ in 0..1_000 {
            assert_eq!(reader.next().await.unwrap().event.name(), "session.ended");
        }
    }
    // A ping every moment is no sign that anything was read.
    let ping = [0x89, 0x80, 1, 2, 3, 4];
    until_cut_off(&mut deaf, &ping).await;
    tell(&app, own, 1).await;
    assert_eq!(reader.next().await.unwrap().event.name(), "session.ended");
}

async fn a_client_that_never_reads_responses_is_disconnected(backend: Backend) {
    let limit = |state: &mut AppState| state.config.unread_timeout = Duration::from_secs(1);
    let app = TestApp::start_tuned(backend, &[], limit).await;
    let mut deaf = connect(&app.base).await;
    let request = b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let begun = Instant::now();
    // Sent until nothing more is taken, and then until the connection is gone.
    loop {
        let sent = tokio::time::timeout(Duration::from_millis(50), deaf.write_all(request));
        if matches!(sent.await, Ok(Err(_))) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still there");
    }
}

/// Sets when all sessions end.
async fn sessions_end_at(app: &TestApp, end: chrono::DateTime<chrono::Utc>) {
    let set = move |tx: &mut db::Tx<'_>| {
        let all = diesel::update(schema::sessions::table);
        all.set(schema::sessions::expires_at.eq(end.naive_utc())).execute(tx.conn())?;
        Ok::<_, db::DbError>(())
    };
    app.db.write(set).await.unwrap();
}

fn later(app: &TestApp, seconds: i64) -> chrono::DateTime<chrono::Utc> {
    use db::Clock;
    app.clock.now() + TimeDelta::seconds(seconds)
}

async fn a_connection_ends_with_its_session_unless_renewed(backend: Backend) {
    let app = impatient(backend).await;
    let cs = app.login(Role::Cs).await;
    let own = cs.user.clone().unwrap().id;
    sessions_end_at(&app, later(&app, 60)).await;
    let mut socket = Socket::open(&cs, None).await;
    socket.until_ready().await;
    app.clock.advance(TimeDelta::seconds(50));
    let renewed = cs.refresh(cs.refresh_cookie.as_ref().unwrap()).await;
    let _: shared::session::LoginResponse = expect(renewed).await;
    app.clock.advance(TimeDelta::seconds(50));
    // Long enough for many looks at the session.
    tokio::time::sleep(Duration::from_millis(200)).await;
    tell(&app, own, 1).await;
    assert_eq!(socket.next().await.unwrap().event.name(), "session.ended");
    sessions_end_at(&app, later(&app, 60)).await;
    app.clock.advance(TimeDelta::days(400));
    assert_eq!(socket.end().await, Some(POLICY));
}

async fn an_expired_session_cannot_connect(backend: Backend) {
    let app = impatient(backend).await;
    let cs: Client = app.login(Role::Cs).await;
    sessions_end_at(&app, later(&app, 10)).await;
    let ticket: TicketResponse = cs.post("/ws/ticket", &()).await;
    app.clock.advance(TimeDelta::seconds(10));
    assert!(Socket::with_ticket(&cs, &ticket.ticket, None).await.is_err());
    // Nor does its access token, although that would be good for longer.
    assert_eq!(cs.get_refused("/auth/profile").await.code, ErrorCode::NotAuthenticated);
    assert_eq!(cs.get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
}

async fn a_shutdown_is_announced_to_every_connection(backend: Backend) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let app = TestApp::start_tuned(backend, &[], |state| {
        soon(state);
        sender.send(state.shutdown.clone()).unwrap();
    })
    .await;
    let cs = app.login(Role::Cs).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = Socket::open(&cs, None).await;
        socket.until_ready().await;
        sockets.push(socket);
    }
    receiver.recv().unwrap().trigger();
    for socket in &mut sockets {
        assert_eq!(socket.end().await, Some(GOING_AWAY));
    }
    // Whoever comes while it stops is told the same.
    let mut late = Socket::open(&cs, None).await;
    assert_eq!(late.end().await, Some(GOING_AWAY));
}
