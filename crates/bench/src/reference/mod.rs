//! The reference: the smallest actix server that gives the same responses from the same rows.
//!
//! Each request runs one prepared SQLite statement on a connection of its thread and serialises the same
//! JSON. There are no sign-ins, permissions, limits, audit, events or request ids.
//!
//! By default the statement runs in `web::block`, where actix runs blocking work, as in the server.
//! With `--inline` it runs on the async worker itself: faster for one short statement, but every other
//! request of that worker then waits for the disk.

mod read;
mod sql;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

use actix_web::web::{self, Data, Query};
use actix_web::{App, HttpResponse, HttpServer};
use clap::Args;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::process::{Server, free_address, own_program};

/// Command line of the reference.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The server's database file.
    #[arg(long)]
    db: PathBuf,
    #[arg(long)]
    port: u16,
    /// Run the statement on the worker instead of a blocking thread.
    #[arg(long)]
    inline: bool,
}

/// Where the statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Block,
    Inline,
}

/// Starts the reference on the server's database.
///
/// # Errors
/// It does not start.
pub fn start(database: &Path, variant: Variant) -> Result<Server> {
    let address = free_address()?;
    let mut command: Command = own_program()?;
    command.arg("reference").arg("--db").arg(database);
    command.arg("--port").arg(address.port().to_string());
    if variant == Variant::Inline {
        command.arg("--inline");
    }
    Server::start(&mut command, address, "/ready")
}

/// Runs the reference process.
///
/// # Errors
/// The port is taken.
pub fn run(options: &Options) -> Result {
    let words = |error: std::io::Error| error.to_string();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let options = Data::new(options.clone());
    // As many workers as the server has.
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let factory = move || {
        App::new()
            .app_data(options.clone())
            .route("/api/jobs", web::get().to(list))
            .route("/api/jobs/{id}", web::get().to(get))
            .route("/ready", web::get().to(HttpResponse::NoContent))
    };
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(factory).workers(workers).bind(address).map_err(words)?;
        server.run().await.map_err(words)
    })
}

#[derive(Debug, Deserialize)]
struct Page {
    limit: i64,
    q: Option<String>,
}

async fn list(options: Data<Options>, page: Query<Page>) -> actix_web::Result<HttpResponse> {
    let Page { limit, q } = page.into_inner();
    answer(options, move |conn| match &q {
        None => read::list(conn, limit),
        Some(words) => read::search(conn, words, limit),
    })
    .await
}

async fn get(options: Data<Options>, id: web::Path<i64>) -> actix_web::Result<HttpResponse> {
    answer(options, move |conn| read::get(conn, *id)).await
}

async fn answer<T: Serialize + Send + 'static>(
    options: Data<Options>,
    read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> actix_web::Result<HttpResponse> {
    let value = if options.inline {
        read::with_connection(&options.db, read)
    } else {
        web::block(move || read::with_connection(&options.db, read)).await?
    };
    let value = value.map_err(actix_web::error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(value))
}
