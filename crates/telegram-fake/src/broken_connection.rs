//! Broken connections and responses of injected faults.

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

use crate::api_error::ApiError;
use crate::fault_plan::Fault;
use crate::http::error_response;

/// The socket of a connection, for resetting it.
struct ConnectionSocket(Socket);

/// Stores the socket of a new connection for its requests.
pub(crate) fn store_socket(connection: &dyn Any, extensions: &mut Extensions) {
    let stream = connection.downcast_ref::<TcpStream>();
    if let Some(socket) = stream.and_then(|stream| SockRef::from(stream).try_clone().ok()) {
        extensions.insert(ConnectionSocket(socket));
    }
}

/// Responds as the fault demands.
pub(crate) async fn respond(failure: Fault, request: &HttpRequest) -> HttpResponse {
    match failure {
        // Telegram reports its own errors in JSON; the proxy in front of it answers with HTML.
        Fault::Status(500) => error_response(&ApiError::internal()),
        Fault::Status(status) => html_error_page(status),
        Fault::TooManyRequests { retry_after } => {
            error_response(&ApiError::too_many_requests(retry_after))
        }
        Fault::Hang(time) => {
            tokio::time::sleep(time).await;
            reset_connection(request)
        }
        Fault::ConnectionReset => reset_connection(request),
        Fault::ResponseLost => truncated_response(),
    }
}

fn html_error_page(status: u16) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1>\
         </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    HttpResponse::build(status).content_type("text/html").body(page)
}

/// Resets the connection before the first byte of a response.
fn reset_connection(request: &HttpRequest) -> HttpResponse {
    if let Some(ConnectionSocket(socket)) = request.conn_data::<ConnectionSocket>() {
        // With a linger time of zero, closing sends a reset.
        let _ = socket.set_linger(Some(Duration::ZERO));
    }
    broken_body(stream::empty())
}

/// Sends half a response, then closes the connection.
pub(crate) fn truncated_response() -> HttpResponse {
    broken_body(stream::iter([Ok(Bytes::from_static(b"{\"ok\":"))]))
}

/// Sends these parts of a longer body, then closes the connection.
fn broken_body(
    parts: impl futures_util::Stream<Item = Result<Bytes, Infallible>> + 'static,
) -> HttpResponse {
    let parts = parts.map(|part| part.map_err(|never| match never {}));
    let end = stream::once(async { Err(io::Error::other("the connection breaks")) });
    HttpResponse::Ok()
        .content_type("application/json")
        .body(SizedStream::new(1_000, parts.chain(end)))
}
