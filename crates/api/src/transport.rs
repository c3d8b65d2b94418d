//! Timeouts and reset of the TCP connection of a request.
//!
//! A peer that does not read would block its response for ever: nothing in the server is polled
//! before there is room to write. So the TCP connection itself has a timeout.

use std::any::Any;
use std::net::Shutdown;
use std::sync::Mutex;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};

/// Send buffer of the operating system for a live connection, in bytes.
const LIVE_BUFFER_BYTES: usize = 64 * 1024;

/// A second handle of a connection. A request that needs it takes it; the first one that does not
/// closes it.
pub struct ConnectionHandle(Mutex<Option<Socket>>);

/// Configures an accepted connection: it is reset when its peer has not read for `unread_limit`.
pub fn configure_connection(io: &dyn Any, extensions: &mut Extensions, unread_limit: Duration) {
    let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
    let socket = SockRef::from(stream);
    #[cfg(target_os = "linux")]
    if let Err(error) = socket.set_tcp_user_timeout(Some(unread_limit)) {
        log::warn!("a connection has no limit for a peer that does not read: {error}");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = unread_limit;
    // Without a second handle a live connection ends by the timeout above, only later.
    extensions.insert(ConnectionHandle(Mutex::new(socket.try_clone().ok())));
}

/// Closes the second handle of a connection.
pub(crate) fn release_handle(request: &HttpRequest) {
    drop(take_handle(request));
}

fn take_handle(request: &HttpRequest) -> Option<Socket> {
    request.conn_data::<ConnectionHandle>()?.0.lock().ok()?.take()
}

/// The TCP connection of a WebSocket.
pub(crate) struct LiveSocket(Option<Socket>);

impl LiveSocket {
    /// Takes the connection of a request.
    pub fn from_request(request: &HttpRequest) -> Self {
        let socket = take_handle(request);
        if let Some(socket) = &socket
            && let Err(error) = socket.set_send_buffer_size(LIVE_BUFFER_BYTES)
        {
            log::warn!("the buffer of a live connection could not be set: {error}");
        }
        Self(socket)
    }

    /// Resets the connection; what was not read is lost.
    pub fn abort(self) {
        let Some(socket) = self.0 else { return };
        // Both fail on a connection that is closed already.
        let _ = socket.set_linger(Some(Duration::ZERO));
        let _ = socket.shutdown(Shutdown::Both);
    }
}
