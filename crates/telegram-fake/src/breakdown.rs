//! Requests that fail on the way.

use std::any::Any;
use std::convert::Infallible;
use std::io;
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::dev::Extensions;
use actix_web::http::StatusCode;
use actix_web::rt::net::TcpStream;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{StreamExt, stream};
use socket2::{SockRef, Socket};

use crate::failures::Failure;
use crate::http::refused;
use crate::refusal::Refusal;

/// The socket of a connection, so that a connection can be cut.
struct Wire(Socket);

/// Keeps the socket of a new connection at hand.
pub(crate) fn remember(connection: &dyn Any, extensions: &mut Extensions) {
    let stream = connection.downcast_ref::<TcpStream>();
    if let Some(socket) = stream.and_then(|stream| SockRef::from(stream).try_clone().ok()) {
        extensions.insert(Wire(socket));
    }
}

/// Answers as the failure wants it.
pub(crate) async fn happens(failure: Failure, request: &HttpRequest) -> HttpResponse {
    match failure {
        // Its own faults Telegram tells in JSON; what stands in front of it speaks HTML.
        Failure::Status(500) => refused(&Refusal::internal()),
        Failure::Status(status) => html(status),
        Failure::TooManyRequests { retry_after } => refused(&Refusal::too_many(retry_after)),
        Failure::Silence(time) => {
            tokio::time::sleep(time).await;
            cut(request)
        }
        Failure::Reset => cut(request),
        Failure::AnswerLost => half_an_answer(),
    }
}

fn html(status: u16) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1>\
         </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    HttpResponse::build(status).content_type("text/html").body(page)
}

/// The connection is reset before a byte of an answer.
fn cut(request: &HttpRequest) -> HttpResponse {
    if let Some(Wire(socket)) = request.conn_data::<Wire>() {
        // With nothing to linger for, closing is a reset.
        let _ = socket.set_linger(Some(Duration::ZERO));
    }
    broken(stream::empty())
}

/// The connection breaks in the middle of an answer.
pub(crate) fn half_an_answer() -> HttpResponse {
    broken(stream::iter([Ok(Bytes::from_static(b"{\"ok\":"))]))
}

/// Sends these parts of a longer answer; then the connection is closed.
fn broken(
    parts: impl futures_util::Stream<Item = Result<Bytes, Infallible>> + 'static,
) -> HttpResponse {
    let parts = parts.map(|part| part.map_err(|never| match never {}));
    let end = stream::once(async { Err(io::Error::other("the connection breaks")) });
    HttpResponse::Ok()
        .content_type("application/json")
        .body(SizedStream::new(1_000, parts.chain(end)))
}
