//! The live connection of a browser: one actor each. The only file that knows the actor library.

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

/// Browsers say nothing but pongs.
const MAX_FRAME: usize = 4 * 1024;

/// How a browser asks for its connection.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// From `POST /api/ws/ticket`.
    pub ticket: String,
    /// The last number that the client has seen: what it missed comes first.
    pub last_seq: Option<i64>,
}

/// Opens a WebSocket with live events.
///
/// Each message is `{seq, type, at, data}`; see the schema `LiveMessage`. A `ready` says that
/// everything missed has been sent, a `resync` that too much was missed. The server closes with 1008 when
/// the login, the device or the session changed or ended, with 1013 for a browser that fell behind, and
/// with 1001 when it stops itself; one that does not read is cut off.
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
    // Heard from before the past is read: what is committed in between comes twice, never not.
    let receiver = app.db.live().subscribe();
    let now = app.db.clock().now();
    let (facts, missed) = app
        .db
        .read(move |conn| {
            let missed = live_replay::missed_events(conn, last_seq, now)?;
            // Read after the past: an end of the session that is part of it is seen here, and any
            // later one is heard.
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
    let (leave, told) = unbounded_channel();
    let pulse = Rc::new(ReadProgress::new());
    let browser = LiveActor {
        session,
        listener,
        missed,
        last_seq: 0,
        receiver: Some(receiver),
        close_requests: Some(told),
        progress: Rc::clone(&pulse),
        limits: app.live_limits,
    };
    let answer =
        ws::WsResponseBuilder::new(browser, &request, payload).frame_size(MAX_FRAME).start()?;
    let belongs = SessionExpiry { session, expires_at: facts.session_expires_at.unwrap_or(now) };
    actix_web::rt::spawn(live_connection::supervise(app, pulse, transport, belongs, leave));
    Ok(answer)
}

/// One browser.
struct LiveActor {
    /// The signed-in device that opened it: it ends with it.
    session: SessionId,
    listener: Listener,
    missed: Vec<LiveMessage>,
    /// Number of the last message that was considered: everything up to it is done.
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

/// What the bus says to one browser.
enum ActorEvent {
    Message(Arc<LiveMessage>),
    /// It is time to go.
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
                    // The browser comes back with its last number and gets what it missed.
                    Err(RecvError::Lagged(_)) => {
                        Some((ActorEvent::Close(CloseReason::TooSlow), receiver))
                    }
                    Err(RecvError::Closed) => None,
                }
            }));
        }
        if let Some(told) = self.close_requests.take() {
            context.add_stream(stream::unfold(told, |mut told| async move {
                told.recv().await.map(|why| (ActorEvent::Close(why), told))
            }));
        }
        context.run_interval(self.limits.ping_every, |session, context| {
            context.ping(&session.progress.new_ping());
        });
    }
}

impl LiveActor {
    /// Says why and goes, whether or not the browser answers.
    fn close(&self, why: CloseReason, context: &mut ws::WebsocketContext<Self>) {
        let code = match why {
            CloseReason::AccessChanged => ws::CloseCode::Policy,
            CloseReason::TooSlow => ws::CloseCode::Again,
            CloseReason::ServerShutdown => ws::CloseCode::Away,
        };
        context.close(Some(code.into()));
        self.progress.start_closing();
        context.stop();
    }

    /// Asks the browser whether it has read, after so many bytes.
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
    fn handle(&mut self, heard: ActorEvent, context: &mut Self::Context) {
        let message = match heard {
            ActorEvent::Close(why) => return self.close(why, context),
            ActorEvent::Message(message) => message,
        };
        if message.seq <= self.last_seq {
            return;
        }
        self.last_seq = message.seq;
        // Whatever changed about the own login: the next connection starts with the new rights.
        let over = match &message.event {
            LiveEvent::UserChanged(user) => user.id == self.listener.user_id,
            LiveEvent::SessionEnded(ended) => ended.id == self.session,
            _ => false,
        };
        if over {
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
