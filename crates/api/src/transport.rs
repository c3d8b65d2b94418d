//! Timeouts and reset of the TCP connection below a request.
//!
//! A peer that does not read keeps the answer, and whatever makes it, waiting for ever: nothing within the
//! server is asked again before there is room to write. So the connection itself is given a limit.

use std::any::Any;
use std::net::Shutdown;
use std::sync::Mutex;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};

/// What the system keeps for a live connection until the browser has read it.
const LIVE_BUFFER_BYTES: usize = 64 * 1024;

/// A second handle of the connection of a request. Whoever needs it takes it; it is closed with the first
/// request that does not.
pub struct ConnectionHandle(Mutex<Option<Socket>>);

/// Prepares a connection that was just accepted: it ends when its peer has not read for `unread_limit`.
pub fn configure_connection(io: &dyn Any, extensions: &mut Extensions, unread_limit: Duration) {
    let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
    let socket = SockRef::from(stream);
    #[cfg(target_os = "linux")]
    if let Err(error) = socket.set_tcp_user_timeout(Some(unread_limit)) {
        log::warn!("a connection has no limit for a peer that does not read: {error}");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = unread_limit;
    // Without a second handle a connection ends by the limit above, only later.
    extensions.insert(ConnectionHandle(Mutex::new(socket.try_clone().ok())));
}

/// Closes the second handle of a request that has no need of it.
pub(crate) fn release_handle(request: &HttpRequest) {
    drop(take_handle(request));
}

fn take_handle(request: &HttpRequest) -> Option<Socket> {
    request.conn_data::<ConnectionHandle>()?.0.lock().ok()?.take()
}

/// The connection of a browser that gets live events.
pub(crate) struct LiveSocket(Option<Socket>);

impl LiveSocket {
    /// Takes the connection of the request that asks for it.
    pub fn from_request(request: &HttpRequest) -> Self {
        let socket = take_handle(request);
        if let Some(socket) = &socket
            && let Err(error) = socket.set_send_buffer_size(LIVE_BUFFER_BYTES)
        {
            log::warn!("the buffer of a live connection could not be set: {error}");
        }
        Self(socket)
    }

    /// Ends the connection at once; what was not read is lost.
    pub fn abort(self) {
        let Some(socket) = self.0 else { return };
        // It may have ended by itself.
        let _ = socket.set_linger(Some(Duration::ZERO));
        let _ = socket.shutdown(Shutdown::Both);
    }
}
