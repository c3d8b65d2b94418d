//! Live events over WebSocket: recipients, replay and tickets.

use std::time::Duration;

use futures_util::StreamExt;
use shared::Role;
use shared::job::{Job, JobType};
use shared::job_state_machine::JobStatus;
use shared::live::{LiveEvent, LiveMessage};
use shared::second_factor::SecondFactorDemand;
use shared::session::TicketResponse;
use shared::settings::Settings;
use shared::user::{User, UserUpdate};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{Client, PASSWORD, TestApp, assign_job, create_job, create_technician};
use crate::on_both_databases;

on_both_databases!(
    a_new_job_is_announced_to_everyone_who_may_read_it,
    a_technician_receives_events_of_own_jobs_and_their_removal,
    after_a_reconnect_missed_events_are_replayed_once,
    after_a_long_absence_a_full_reload_is_requested,
    a_ticket_opens_one_connection,
    changing_an_account_closes_its_connections,
    an_unresponsive_browser_is_disconnected,
    a_rejected_change_is_not_announced,
    ending_a_session_closes_only_its_connection,
    a_ticket_of_an_ended_session_is_rejected,
    requiring_a_second_factor_closes_the_connection,
);

/// Live connection over WebSocket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects with a fresh ticket.
    pub async fn open(client: &Client, last_seq: Option<i64>) -> Self {
        let ticket: TicketResponse = client.post("/ws/ticket", &()).await;
        Self::with_ticket(client, &ticket.ticket, last_seq).await.unwrap()
    }

    /// Connects with this ticket.
    pub async fn with_ticket(
        client: &Client,
        ticket: &str,
        last_seq: Option<i64>,
    ) -> Result<Self, tokio_tungstenite::tungstenite::Error> {
        let base = client.base.replace("http://", "ws://");
        let seq = last_seq.map(|seq| format!("&last_seq={seq}")).unwrap_or_default();
        let (socket, _) = connect_async(format!("{base}/api/ws?ticket={ticket}{seq}")).await?;
        Ok(Self(socket))
    }

    /// Returns the next message, or `None` when the server closes the connection.
    pub async fn next(&mut self) -> Option<LiveMessage> {
        self.next_text().await.map(|text| serde_json::from_str(&text).unwrap())
    }

    /// Returns the next message as JSON text, or `None` when the server closes the connection.
    pub async fn next_text(&mut self) -> Option<String> {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), next).await.expect("no message came")
    }

    /// Reads until the server closes the connection. Returns the close code.
    pub async fn end(&mut self) -> Option<u16> {
        let end = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                    Some(Err(_)) | None => return None,
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), end).await.expect("still open")
    }

    /// Reads every message until the connection is ready.
    pub async fn wait_until_ready(&mut self) -> Vec<LiveMessage> {
        let mut messages = Vec::new();
        loop {
            let message = self.next().await.unwrap();
            if message.event == LiveEvent::Ready {
                return messages;
            }
            messages.push(message);
        }
    }
}

fn job_of(message: &LiveMessage) -> &shared::live::JobEvent {
    match &message.event {
        LiveEvent::JobCreated(job) | LiveEvent::JobUpdated(job) => job,
        other => panic!("not of a job: {other:?}"),
    }
}

async fn a_new_job_is_announced_to_everyone_who_may_read_it(app: TestApp) {
    let (cs, gudang) = (app.sign_in_as(Role::Cs).await, app.sign_in_as(Role::Gudang).await);
    let mut socket = Socket::open(&cs, None).await;
    assert!(socket.wait_until_ready().await.is_empty());
    let opened = create_job(&cs, JobType::Repair).await;
    let customer = socket.next().await.unwrap();
    assert!(matches!(customer.event, LiveEvent::CustomerCreated(_)));
    let message = socket.next().await.unwrap();
    assert_eq!((message.event.name(), job_of(&message).id), ("job.created", opened.id));
    assert!(message.seq > customer.seq);
    // The warehouse reads jobs, but not customers.
    let mut socket = Socket::open(&gudang, Some(0)).await;
    let names: Vec<_> = socket.wait_until_ready().await.iter().map(|m| m.event.name()).collect();
    assert_eq!(names, ["job.created"]);
}

async fn a_technician_receives_events_of_own_jobs_and_their_removal(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let budi = create_technician(&app, &admin, "Budi").await;
    let agus = create_technician(&app, &admin, "Agus").await;
    let mut socket = Socket::open(&budi.client, None).await;
    socket.wait_until_ready().await;
    let (own, other) =
        (create_job(&admin, JobType::Repair).await, create_job(&admin, JobType::Repair).await);
    assign_job(&admin, other.id, &[agus.id]).await;
    assign_job(&admin, own.id, &[budi.id]).await;
    let message = socket.next().await.unwrap();
    assert_eq!((job_of(&message).id, job_of(&message).status), (own.id, JobStatus::Assigned));
    assign_job(&admin, own.id, &[agus.id]).await;
    let message = socket.next().await.unwrap();
    assert_eq!(job_of(&message).left_technician_ids, [budi.id]);
}

async fn after_a_reconnect_missed_events_are_replayed_once(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut socket = Socket::open(&cs, None).await;
    socket.wait_until_ready().await;
    create_job(&cs, JobType::Repair).await;
    socket.next().await.unwrap();
    let last = socket.next().await.unwrap().seq;
    drop(socket);
    let mut missed = Vec::new();
    for _ in 0..3 {
        missed.push(create_job(&cs, JobType::Repair).await.id);
    }
    let mut socket = Socket::open(&cs, Some(last)).await;
    let replayed = socket.wait_until_ready().await;
    let jobs: Vec<_> = replayed
        .iter()
        .filter(|message| matches!(message.event, LiveEvent::JobCreated(_)))
        .map(|message| job_of(message).id)
        .collect();
    assert_eq!(jobs, missed);
    assert!(replayed.iter().all(|message| message.seq > last));
    let next = create_job(&cs, JobType::Repair).await;
    socket.next().await.unwrap();
    assert_eq!(job_of(&socket.next().await.unwrap()).id, next.id);
}

async fn after_a_long_absence_a_full_reload_is_requested(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    create_job(&cs, JobType::Repair).await;
    app.clock.advance(chrono::TimeDelta::days(2));
    app.db.write(services::housekeeping::delete_expired).await.unwrap();
    let cs = cs.sign_in_again(&app).await;
    create_job(&cs, JobType::Repair).await;
    let mut socket = Socket::open(&cs, Some(0)).await;
    assert_eq!(socket.next().await.unwrap().event, LiveEvent::Resync);
    let mut socket = Socket::open(&cs, Some(1_000_000)).await;
    assert_eq!(socket.next().await.unwrap().event, LiveEvent::Resync);
}

async fn a_ticket_opens_one_connection(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let ticket: TicketResponse = cs.post("/ws/ticket", &()).await;
    assert!(Socket::with_ticket(&cs, &ticket.ticket, None).await.is_ok());
    assert!(Socket::with_ticket(&cs, &ticket.ticket, None).await.is_err());
    let late: TicketResponse = cs.post("/ws/ticket", &()).await;
    app.clock.advance(chrono::TimeDelta::seconds(31));
    assert!(Socket::with_ticket(&cs, &late.ticket, None).await.is_err());
    assert!(Socket::with_ticket(&cs, "guess", None).await.is_err());
}

async fn changing_an_account_closes_its_connections(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let mut socket = Socket::open(&cs, None).await;
    socket.wait_until_ready().await;
    let cookie = format!("isp_refresh={}", cs.refresh_cookie.clone().unwrap());
    let request = cs.request(reqwest::Method::POST, "/auth/logout").header("Cookie", cookie);
    assert_eq!(request.send().await.unwrap().status(), 204);
    assert_eq!(socket.next().await, None);
}

async fn an_unresponsive_browser_is_disconnected(app: TestApp) {
    let cs = app.sign_in_as(Role::Cs).await;
    let ticket: TicketResponse = cs.post("/ws/ticket", &()).await;
    let address = cs.base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET /api/ws?ticket={} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        ticket.ticket
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains("\"ready\"") {
        assert_ne!(stream.read_buf(&mut heard).await.unwrap(), 0);
    }
    let admin = app.sign_in_as(Role::Superadmin).await;
    let user = cs.user.unwrap();
    let off = UserUpdate { name: user.name, role: Role::Cs, active: false };
    let _: User = admin.put(&format!("/users/{}", user.id), 1, &off).await;
    // This side sends nothing; the server closes the connection all the same.
    let end = stream.read_to_end(&mut heard);
    tokio::time::timeout(Duration::from_secs(10), end).await.expect("still open").unwrap();
}

async fn a_rejected_change_is_not_announced(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    let mut socket = Socket::open(&admin, None).await;
    socket.wait_until_ready().await;
    let first = create_job(&admin, JobType::Repair).await;
    socket.next().await.unwrap();
    socket.next().await.unwrap();
    let depart =
        shared::job::TransitionRequest::for_action(shared::job_state_machine::JobAction::Depart);
    admin.post_refused(&format!("/jobs/{}/transitions", first.id), &depart).await;
    let second: Job = create_job(&admin, JobType::Repair).await;
    socket.next().await.unwrap();
    assert_eq!(job_of(&socket.next().await.unwrap()).id, second.id);
}

/// Ends all sessions but this one.
async fn end_others(client: &Client) {
    client.delete("/auth/sessions").await;
}

async fn ending_a_session_closes_only_its_connection(app: TestApp) {
    let phone = app.sign_in_as(Role::Cs).await;
    let office = app.sign_in(&phone.user.clone().unwrap().username, PASSWORD).await;
    let (mut lost, mut kept) =
        (Socket::open(&phone, None).await, Socket::open(&office, None).await);
    lost.wait_until_ready().await;
    kept.wait_until_ready().await;
    end_others(&office).await;
    assert_eq!(lost.next().await, None);
    assert_eq!(kept.next().await.unwrap().event.name(), "session.ended");
    create_job(&office, JobType::Repair).await;
    assert_eq!(kept.next().await.unwrap().event.name(), "customer.created");
}

async fn a_ticket_of_an_ended_session_is_rejected(app: TestApp) {
    let phone = app.sign_in_as(Role::Cs).await;
    let office = app.sign_in(&phone.user.clone().unwrap().username, PASSWORD).await;
    let ticket: TicketResponse = phone.post("/ws/ticket", &()).await;
    end_others(&office).await;
    assert!(Socket::with_ticket(&phone, &ticket.ticket, None).await.is_err());
}

async fn requiring_a_second_factor_closes_the_connection(app: TestApp) {
    let (superadmin, admin) =
        (app.sign_in_as(Role::Superadmin).await, app.sign_in_as(Role::Admin).await);
    let mut socket = Socket::open(&admin, None).await;
    socket.wait_until_ready().await;
    let settings: Settings = superadmin.get("/settings").await;
    let require_second_factor = SecondFactorDemand::Admins;
    let changed = Settings { require_second_factor, ..settings.clone() };
    superadmin.put::<Settings>("/settings", settings.version, &changed).await;
    // Events about other accounts may come first.
    while socket.next().await.is_some() {}
}
