//! WebSocket endpoint of live events: one actor per connection. The only file that uses the actor
//! library.

use std::rc::Rc;
use std::sync::Arc;

use actix::{Actor, ActorContext, AsyncContext, StreamHandler};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_web_actors::ws;
use futures_util::stream;
use serde::Deserialize;
use services::{auth::sessions, auth::ws_ticket, live_replay};
use shared::live::{Listener, LiveEvent, LiveMessage};
use shared::{ErrorCode, SessionId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::extractors::query::Query;
use crate::live_connection::{self, CloseReason, ReadProgress, SessionExpiry};
use crate::live_limits::LiveLimits;
use crate::openapi::problem_responses::ProblemResponses;
use crate::problem::ApiError;
use crate::state::App;
use crate::transport::LiveSocket;

/// Largest accepted frame, in bytes. Browsers send nothing but pongs.
const MAX_FRAME: usize = 4 * 1024;

/// Query string of the WebSocket endpoint.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// From `POST /api/ws/ticket`.
    pub ticket: String,
    /// `seq` of the last message that the client has seen: missed messages are sent first.
    pub last_seq: Option<i64>,
}

/// Opens a WebSocket for live events.
///
/// Each text message is `{seq, type, at, data}`, see the schema `LiveMessage`. `ready` means that
/// all missed messages have been sent, `resync` that too many were missed. The server closes with
/// 1008 when the user, the device or the session changed or ended, with 1013 when the client was
/// too slow, and with 1001 when the server shuts down. The connection of a client that does not
/// read is reset.
#[utoipa::path(get, path = "/api/ws", tag = "live", security(()), params(LiveQuery),
    responses((status = 101, description = "Switching Protocols: the connection is a WebSocket from here on"),
        (status = "default", description = "A text message on the WebSocket", body = LiveMessage), ProblemResponses))]
pub async fn connect(
    app: App,
    request: HttpRequest,
    query: Query<LiveQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let Query(LiveQuery { ticket, last_seq }) = query;
    let session = app
        .db
        .write_essential(move |tx| ws_ticket::redeem_ws_ticket(tx, &ticket))
        .await
        .map_err(ApiError::from)?;
    // Subscribed before the missed messages are read: what is committed in between arrives twice,
    // never not at all.
    let receiver = app.db.live().subscribe();
    let now = app.db.clock().now();
    let (facts, missed) = app
        .db
        .read(move |conn| {
            let missed = live_replay::missed_events(conn, last_seq, now)?;
            // Read after the missed messages: an end of the session among them is seen here, and a
            // later one arrives as a message.
            Ok::<_, services::Error>((sessions::account_state(conn, session)?, missed))
        })
        .await
        .map_err(ApiError::from)?;
    let transport = LiveSocket::from_request(&request);
    let facts = facts
        .filter(|facts| facts.session_expires_at.is_some_and(|end| end > now))
        .filter(|facts| facts.active && !facts.must_change_password && !facts.second_factor_missing)
        .ok_or_else(|| ApiError::refuse(ErrorCode::NotAuthenticated))?;
    let listener =
        Listener { user_id: facts.user_id, role: facts.role, technician_id: facts.technician_id };
    let (close, close_requests) = unbounded_channel();
    let progress = Rc::new(ReadProgress::new());
    let actor = LiveActor {
        session,
        listener,
        missed,
        last_seq: 0,
        receiver: Some(receiver),
        close_requests: Some(close_requests),
        progress: Rc::clone(&progress),
        limits: app.live_limits,
    };
    let response =
        ws::WsResponseBuilder::new(actor, &request, payload).frame_size(MAX_FRAME).start()?;
    let session_expiry =
        SessionExpiry { session, expires_at: facts.session_expires_at.unwrap_or(now) };
    actix_web::rt::spawn(live_connection::supervise(
        app,
        progress,
        transport,
        session_expiry,
        close,
    ));
    Ok(response)
}

/// The actor of one connection.
struct LiveActor {
    /// The session that opened the connection, and with which it ends.
    session: SessionId,
    listener: Listener,
    missed: Vec<LiveMessage>,
    /// `seq` of the last message that was handled.
    last_seq: i64,
    receiver: Option<Receiver<Arc<LiveMessage>>>,
    close_requests: Option<UnboundedReceiver<CloseReason>>,
    progress: Rc<ReadProgress>,
    limits: LiveLimits,
}

impl Drop for LiveActor {
    fn drop(&mut self) {
        self.progress.mark_closed();
    }
}

/// What an actor receives from the server.
enum ActorEvent {
    Message(Arc<LiveMessage>),
    /// The supervisor asks for the end of the connection.
    Close(CloseReason),
}

impl Actor for LiveActor {
    type Context = ws::WebsocketContext<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        for message in std::mem::take(&mut self.missed) {
            self.last_seq = self.last_seq.max(message.seq);
            self.send(&message, context);
        }
        if let Some(receiver) = self.receiver.take() {
            context.add_stream(stream::unfold(receiver, |mut receiver| async move {
                match receiver.recv().await {
                    Ok(message) => Some((ActorEvent::Message(message), receiver)),
                    // The browser reconnects with its last `seq` and gets what it missed.
                    Err(RecvError::Lagged(_)) => {
                        Some((ActorEvent::Close(CloseReason::TooSlow), receiver))
                    }
                    Err(RecvError::Closed) => None,
                }
            }));
        }
        if let Some(requests) = self.close_requests.take() {
            context.add_stream(stream::unfold(requests, |mut requests| async move {
                requests.recv().await.map(|reason| (ActorEvent::Close(reason), requests))
            }));
        }
        context.run_interval(self.limits.ping_every, |session, context| {
            context.ping(&session.progress.new_ping());
        });
    }
}

impl LiveActor {
    /// Sends the close code and stops, without waiting for the browser.
    fn close(&self, reason: CloseReason, context: &mut ws::WebsocketContext<Self>) {
        let code = match reason {
            CloseReason::AccessChanged => ws::CloseCode::Policy,
            CloseReason::TooSlow => ws::CloseCode::Again,
            CloseReason::ServerShutdown => ws::CloseCode::Away,
        };
        context.close(Some(code.into()));
        self.progress.start_closing();
        context.stop();
    }

    /// Counts sent bytes and sends a ping if one is due.
    fn record_sent(&self, bytes: usize, context: &mut ws::WebsocketContext<Self>) {
        if let Some(question) = self.progress.record_sent(bytes, &self.limits) {
            context.ping(&question);
        }
    }

    fn send(&self, message: &LiveMessage, context: &mut ws::WebsocketContext<Self>) {
        if !message.event.is_visible_to(self.listener) {
            return;
        }
        match serde_json::to_string(message) {
            Ok(text) => {
                let bytes = text.len();
                context.text(text);
                self.record_sent(bytes, context);
            }
            Err(error) => log::error!("live event {} can not be sent: {error}", message.seq),
        }
    }
}

impl StreamHandler<ActorEvent> for LiveActor {
    fn handle(&mut self, event: ActorEvent, context: &mut Self::Context) {
        let message = match event {
            ActorEvent::Close(reason) => return self.close(reason, context),
            ActorEvent::Message(message) => message,
        };
        if message.seq <= self.last_seq {
            return;
        }
        self.last_seq = message.seq;
        // The next connection starts with the new rights.
        let access_changed = match &message.event {
            LiveEvent::UserChanged(user) => user.id == self.listener.user_id,
            LiveEvent::SessionEnded(ended) => ended.id == self.session,
            _ => false,
        };
        if access_changed {
            return self.close(CloseReason::AccessChanged, context);
        }
        self.send(&message, context);
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for LiveActor {
    fn handle(
        &mut self,
        frame: Result<ws::Message, ws::ProtocolError>,
        context: &mut Self::Context,
    ) {
        match frame {
            Ok(ws::Message::Ping(bytes)) => {
                context.pong(&bytes);
                self.record_sent(bytes.len(), context);
            }
            Ok(ws::Message::Pong(bytes)) => self.progress.record_pong(&bytes),
            Ok(ws::Message::Close(reason)) => {
                context.close(reason);
                context.stop();
            }
            Ok(_) => {}
            Err(_) => context.stop(),
        }
    }
}
