//! HTTP server on a thread of its own.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer};

use crate::telegram::SharedState;
use crate::{broken_connection, control, http, webhook};

/// A server on a thread of its own.
pub(crate) struct ServerThread {
    handle: ServerHandle,
    thread: JoinHandle<()>,
}

impl ServerThread {
    /// Starts the thread.
    ///
    /// # Panics
    /// The server does not start.
    pub fn start(listener: TcpListener, core: Arc<SharedState>) -> Self {
        let (ready, started) = channel();
        let thread = std::thread::spawn(move || serve(listener, core, &ready));
        match started.recv() {
            Ok(handle) => Self { handle, thread },
            Err(_) => panic!("the server did not start"),
        }
    }

    /// Stops at once; open connections are closed.
    pub fn stop(self) {
        // The call sends the command; its future only waits for the end.
        drop(self.handle.stop(false));
        let _ = self.thread.join();
    }
}

fn serve(listener: TcpListener, core: Arc<SharedState>, ready: &Sender<ServerHandle>) {
    actix_web::rt::System::new().block_on(async move {
        actix_web::rt::spawn(webhook::run_webhook(Arc::clone(&core)));
        let factory = move || {
            App::new().configure(control::configure).configure(http::configure(Arc::clone(&core)))
        };
        let server = HttpServer::new(factory)
            .on_connect(broken_connection::store_socket)
            .workers(1)
            .disable_signals()
            .shutdown_timeout(0);
        let server = match server.listen(listener) {
            Ok(server) => server.run(),
            Err(error) => panic!("cannot listen: {error}"),
        };
        let _ = ready.send(server.handle());
        let _ = server.await;
    });
}

/// Binds a port of this machine.
///
/// # Panics
/// The port is taken.
pub(crate) fn bind(port: u16) -> TcpListener {
    // The port may be in use for a moment after a stop.
    for _ in 0..100 {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return listener;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("port {port} is taken");
}
