//! Limits and lifetime of WebSocket connections.

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

use crate::harness::client::expect_success;
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

/// Longest wait for a disconnection.
const PATIENCE: Duration = Duration::from_secs(20);

/// WebSocket close code after a change of the account or session.
const POLICY: u16 = 1008;
/// WebSocket close code of a server that stops.
const GOING_AWAY: u16 = 1001;

/// Default behaviour with short limits.
fn short_limits(state: &mut AppState) {
    state.live_limits = LiveLimits {
        ping_after_bytes: 16 * 1024,
        max_unread_bytes: 64 * 1024,
        unread_timeout: Duration::from_millis(300),
        close_timeout: Duration::from_millis(300),
        check_every: Duration::from_millis(20),
        ..LiveLimits::default()
    };
}

async fn start_with_short_limits(backend: Backend) -> TestApp {
    TestApp::start_with_state(backend, &[], short_limits).await
}

/// Emits this many events to a user in one transaction.
async fn emit_events(app: &TestApp, user_id: UserId, events: i64) {
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

/// Connects with the smallest receive buffer.
async fn connect(base: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(base.trim_start_matches("http://").parse().unwrap()).await.unwrap()
}

/// Sends these bytes repeatedly without reading, until the server disconnects.
async fn write_until_disconnected(stream: &mut TcpStream, bytes: &[u8]) {
    let begun = Instant::now();
    while stream.write_all(bytes).await.is_ok() {
        assert!(begun.elapsed() < PATIENCE, "still connected");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn a_browser_that_never_reads_is_disconnected_and_others_receive_everything(
    backend: Backend,
) {
    let app = start_with_short_limits(backend).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let mut reader = Socket::open(&cs, None).await;
    reader.wait_until_ready().await;
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
        emit_events(&app, own, 1_000).await;
        for _ in 0..1_000 {
            assert_eq!(reader.next().await.unwrap().event.name(), "session.ended");
        }
    }
    // Pings do not prove that anything was read.
    let ping = [0x89, 0x80, 1, 2, 3, 4];
    write_until_disconnected(&mut deaf, &ping).await;
    emit_events(&app, own, 1).await;
    assert_eq!(reader.next().await.unwrap().event.name(), "session.ended");
}

async fn a_client_that_never_reads_responses_is_disconnected(backend: Backend) {
    let limit = |state: &mut AppState| state.config.unread_timeout = Duration::from_secs(1);
    let app = TestApp::start_with_state(backend, &[], limit).await;
    let mut deaf = connect(&app.base).await;
    let request = b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let begun = Instant::now();
    // Sends until the buffers are full, and then until the connection is closed.
    loop {
        let sent = tokio::time::timeout(Duration::from_millis(50), deaf.write_all(request));
        if matches!(sent.await, Ok(Err(_))) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still connected");
    }
}

/// Sets the expiry of all sessions.
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
    let app = start_with_short_limits(backend).await;
    let cs = app.sign_in_as(Role::Cs).await;
    let own = cs.user.clone().unwrap().id;
    sessions_end_at(&app, later(&app, 60)).await;
    let mut socket = Socket::open(&cs, None).await;
    socket.wait_until_ready().await;
    app.clock.advance(TimeDelta::seconds(50));
    let renewed = cs.refresh(cs.refresh_cookie.as_ref().unwrap()).await;
    let _: shared::session::LoginResponse = expect_success(renewed).await;
    app.clock.advance(TimeDelta::seconds(50));
    // Long enough for many checks of the session.
    tokio::time::sleep(Duration::from_millis(200)).await;
    emit_events(&app, own, 1).await;
    assert_eq!(socket.next().await.unwrap().event.name(), "session.ended");
    sessions_end_at(&app, later(&app, 60)).await;
    app.clock.advance(TimeDelta::days(400));
    assert_eq!(socket.end().await, Some(POLICY));
}

async fn an_expired_session_cannot_connect(backend: Backend) {
    let app = start_with_short_limits(backend).await;
    let cs: Client = app.sign_in_as(Role::Cs).await;
    sessions_end_at(&app, later(&app, 10)).await;
    let ticket: TicketResponse = cs.post("/ws/ticket", &()).await;
    app.clock.advance(TimeDelta::seconds(10));
    assert!(Socket::with_ticket(&cs, &ticket.ticket, None).await.is_err());
    // Nor does its access token, although it expires later.
    assert_eq!(cs.get_refused("/auth/profile").await.code, ErrorCode::NotAuthenticated);
    assert_eq!(cs.get_refused("/jobs").await.code, ErrorCode::NotAuthenticated);
}

async fn a_shutdown_is_announced_to_every_connection(backend: Backend) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let app = TestApp::start_with_state(backend, &[], |state| {
        short_limits(state);
        sender.send(state.shutdown.clone()).unwrap();
    })
    .await;
    let cs = app.sign_in_as(Role::Cs).await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        let mut socket = Socket::open(&cs, None).await;
        socket.wait_until_ready().await;
        sockets.push(socket);
    }
    receiver.recv().unwrap().trigger();
    for socket in &mut sockets {
        assert_eq!(socket.end().await, Some(GOING_AWAY));
    }
    // New connections during the shutdown get the same code.
    let mut late = Socket::open(&cs, None).await;
    assert_eq!(late.end().await, Some(GOING_AWAY));
}
