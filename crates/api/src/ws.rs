//! The live connection of a browser: one actor each. The only file that knows the actor library.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::{Actor, ActorContext, AsyncContext, StreamHandler};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_web_actors::ws;
use futures_util::stream;
use serde::Deserialize;
use services::{auth, live, sessions};
use shared::live::{Listener, LiveEvent, LiveMessage};
use shared::{ErrorCode, SessionId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::params::Params;
use crate::problem::ApiError;
use crate::state::App;

/// A proxy in between may close a silent connection after a minute.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A browser that has not answered for this long is gone.
const GONE_AFTER: Duration = Duration::from_secs(60);
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
/// everything missed has been sent, a `resync` that too much was missed.
#[utoipa::path(get, path = "/api/ws", tag = "live", security(()), params(LiveQuery),
    responses((status = 101, description = "Switching Protocols", body = LiveMessage), crate::refusals::Problems))]
pub async fn open(
    app: App,
    request: HttpRequest,
    query: Params<LiveQuery>,
    payload: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let Params(LiveQuery { ticket, last_seq }) = query;
    let session =
        app.db.write(move |tx| auth::redeem_ticket(tx, &ticket)).await.map_err(ApiError::from)?;
    // Heard from before the past is read: what is committed in between comes twice, never not.
    let receiver = app.db.live().subscribe();
    let now = app.db.clock().now();
    let (facts, missed) = app
        .db
        .read(move |conn| {
            let missed = live::missed(conn, last_seq, now)?;
            // Read after the past: an end of the session that is part of it is seen here, and any
            // later one is heard.
            Ok::<_, services::Error>((sessions::facts(conn, session)?, missed))
        })
        .await
        .map_err(ApiError::from)?;
    let facts = facts
        .filter(|facts| facts.active && !facts.must_change_password && !facts.second_factor_missing)
        .ok_or_else(|| ApiError::refuse(ErrorCode::NotAuthenticated))?;
    let listener =
        Listener { user_id: facts.user_id, role: facts.role, technician_id: facts.technician_id };
    let browser = LiveSession {
        session,
        listener,
        missed,
        sent: 0,
        receiver: Some(receiver),
        heard: Instant::now(),
    };
    ws::WsResponseBuilder::new(browser, &request, payload).frame_size(MAX_FRAME).start()
}

/// One browser.
struct LiveSession {
    /// The signed-in device that opened it: it ends with it.
    session: SessionId,
    listener: Listener,
    missed: Vec<LiveMessage>,
    /// Number of the last message that was considered: everything up to it is done.
    sent: i64,
    receiver: Option<Receiver<Arc<LiveMessage>>>,
    heard: Instant,
}

/// What the bus says to one browser.
enum Heard {
    Message(Arc<LiveMessage>),
    /// The browser was too slow, and messages were lost for it.
    FellBehind,
}

impl Actor for LiveSession {
    type Context = ws::WebsocketContext<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        for message in std::mem::take(&mut self.missed) {
            self.sent = self.sent.max(message.seq);
            self.send(&message, context);
        }
        if let Some(receiver) = self.receiver.take() {
            context.add_stream(stream::unfold(receiver, |mut receiver| async move {
                match receiver.recv().await {
                    Ok(message) => Some((Heard::Message(message), receiver)),
                    Err(RecvError::Lagged(_)) => Some((Heard::FellBehind, receiver)),
                    Err(RecvError::Closed) => None,
                }
            }));
        }
        context.run_interval(PING_EVERY, |session, context| {
            if session.heard.elapsed() > GONE_AFTER {
                context.stop();
            } else {
                context.ping(b"");
            }
        });
    }
}

impl LiveSession {
    /// Says why and goes, whether or not the browser answers.
    fn hang_up(code: ws::CloseCode, context: &mut ws::WebsocketContext<Self>) {
        context.close(Some(code.into()));
        context.stop();
    }

    fn send(&self, message: &LiveMessage, context: &mut ws::WebsocketContext<Self>) {
        if !message.event.is_for(self.listener) {
            return;
        }
        match serde_json::to_string(message) {
            Ok(text) => context.text(text),
            Err(error) => log::error!("live event {} can not be sent: {error}", message.seq),
        }
    }
}

impl StreamHandler<Heard> for LiveSession {
    fn handle(&mut self, heard: Heard, context: &mut Self::Context) {
        let message = match heard {
            // The browser comes back with its last number and gets what it missed.
            Heard::FellBehind => return Self::hang_up(ws::CloseCode::Again, context),
            Heard::Message(message) => message,
        };
        if message.seq <= self.sent {
            return;
        }
        self.sent = message.seq;
        // Whatever changed about the own login: the next connection starts with the new rights.
        let over = match &message.event {
            LiveEvent::UserChanged(user) => user.id == self.listener.user_id,
            LiveEvent::SessionEnded(ended) => ended.id == self.session,
            _ => false,
        };
        if over {
            return Self::hang_up(ws::CloseCode::Policy, context);
        }
        self.send(&message, context);
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for LiveSession {
    fn handle(
        &mut self,
        frame: Result<ws::Message, ws::ProtocolError>,
        context: &mut Self::Context,
    ) {
        self.heard = Instant::now();
        match frame {
            Ok(ws::Message::Ping(bytes)) => context.pong(&bytes),
            Ok(ws::Message::Close(reason)) => {
                context.close(reason);
                context.stop();
            }
            Ok(_) => {}
            Err(_) => context.stop(),
        }
    }
}
