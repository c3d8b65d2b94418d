//! The reference: the smallest actix server that gives the same responses from the same rows.
//!
//! Each request runs one prepared statement on a connection of its thread, in `web::block`, where actix
//! runs blocking work, as in the server, and serialises the same JSON. There are no sign-ins,
//! permissions, limits, audit, events or request ids. On SQLite and PostgreSQL it uses the same client
//! library as the server.

mod postgres;
mod sql;
mod sqlite;

use std::net::{Ipv4Addr, SocketAddr};

use actix_web::web::{self, Data, Query};
use actix_web::{App, HttpResponse, HttpServer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use serde::{Deserialize, Serialize};
use shared::Page;
use shared::job::Job;

use crate::Result;
use crate::data::Store;
use crate::process::{Server, free_address, own_program};

/// Command line of the reference.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The server's database: a `DATABASE_URL`.
    #[arg(long)]
    url: String,
    #[arg(long)]
    port: u16,
}

/// Starts the reference on the server's database.
///
/// # Errors
/// It does not start.
pub fn start(store: &Store) -> Result<Server> {
    let address = free_address()?;
    let mut command = own_program()?;
    command.args(["reference", "--url", &store.url()]);
    command.args(["--port", &address.port().to_string()]);
    Server::start(&mut command, address, "/ready")
}

/// Runs the reference process.
///
/// # Errors
/// The port is taken.
pub fn run(options: &Options) -> Result {
    let words = |error: std::io::Error| error.to_string();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let store = Data::new(match options.url.strip_prefix("sqlite://") {
        Some(file) => Store::Sqlite(file.into()),
        None => Store::Postgres(options.url.clone()),
    });
    // As many workers as the server has.
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let factory = move || {
        App::new()
            .app_data(store.clone())
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
struct ListQuery {
    limit: i64,
}

async fn list(store: Data<Store>, query: Query<ListQuery>) -> actix_web::Result<HttpResponse> {
    let limit = query.limit;
    answer(move || match store.get_ref() {
        Store::Sqlite(file) => {
            words(sqlite::with_connection(file, |conn| sqlite::list(conn, limit)))
        }
        Store::Postgres(url) => words(postgres::with_connection(url, postgres::list)),
    })
    .await
}

async fn get(store: Data<Store>, id: web::Path<i64>) -> actix_web::Result<HttpResponse> {
    answer(move || match store.get_ref() {
        Store::Sqlite(file) => words(sqlite::with_connection(file, |conn| sqlite::get(conn, *id))),
        Store::Postgres(url) => {
            words(postgres::with_connection(url, |conn| postgres::get(conn, *id)))
        }
    })
    .await
}

async fn answer<T: Serialize + Send + 'static>(
    read: impl FnOnce() -> Result<T> + Send + 'static,
) -> actix_web::Result<HttpResponse> {
    let value = web::block(read).await?;
    let value = value.map_err(actix_web::error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().json(value))
}

fn words<T, E: std::fmt::Display>(result: Result<T, E>) -> Result<T> {
    result.map_err(|error| error.to_string())
}

/// A page of the jobs that were found: one more than `limit` if there are more.
fn page(mut items: Vec<Job>, limit: i64) -> Page<Job> {
    let limit = usize::try_from(limit).unwrap_or_default();
    let more = items.len() > limit;
    items.truncate(limit);
    let mark = |job: &Job| {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", job.id, job.created_at.timestamp_micros()))
    };
    let next_cursor = items.last().filter(|_| more).map(mark);
    Page { items, next_cursor, total: None, capped: false }
}
