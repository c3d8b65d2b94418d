//! `cargo xtask run` and `cargo xtask build`: the release binary.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::process::{Result, cargo, command, fail, run as run_command};
use crate::progress::{note, step};
use crate::{parse_port, paths, spa};

/// Command-line options.
#[derive(Default)]
pub struct Options {
    port: Option<u16>,
    fresh: bool,
    bot: bool,
}

impl Options {
    /// Parses `[--port N] [--fresh] [--bot]`.
    pub fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match (arg.as_str(), rest.as_slice().first()) {
                ("--fresh", _) => options.fresh = true,
                ("--bot", _) => options.bot = true,
                ("--port", Some(value)) => {
                    options.port = Some(parse_port(value)?);
                    rest.next();
                }
                _ => {
                    return fail(format!(
                        "don't understand `{arg}`: run [--port N] [--fresh] [--bot]"
                    ));
                }
            }
        }
        Ok(options)
    }
}

/// Builds everything and runs the server in the foreground with demo data.
pub fn run(options: &Options) -> Result {
    let binary = build()?;
    if options.fresh {
        remove_database()?;
    }
    let mut server = command(binary);
    server.args(["serve", "--demo"]);
    if let Some(port) = options.port {
        server.env("PORT", port.to_string());
    }
    if options.bot {
        start_telegram_fake(&mut server)?;
    }
    exec_server(server)
}

/// Port of the Telegram fake.
const TELEGRAM_FAKE_PORT: &str = "3002";

/// Starts the Telegram fake, which has a page for chatting with the bot. It ends with the terminal.
fn start_telegram_fake(server: &mut Command) -> Result {
    step("Telegram fake", || {
        run_command(cargo().args(["build", "--release", "--package", "telegram-fake"]))
    })?;
    let program = format!("telegram-fake{}", env::consts::EXE_SUFFIX);
    let program = paths::target().join("release").join(program);
    command(program).arg(TELEGRAM_FAKE_PORT).spawn()?;
    server
        .env("TELEGRAM_API_URL", format!("http://127.0.0.1:{TELEGRAM_FAKE_PORT}"))
        .env("TELEGRAM_BOT_TOKEN", "700000:uji-coba_bukan-rahasia");
    note(&format!("chat with the bot on http://localhost:{TELEGRAM_FAKE_PORT}"));
    Ok(())
}

/// Builds the release binary with the browser application inside.
pub fn build() -> Result<PathBuf> {
    spa::release()?;
    server()?;
    Ok(paths::server_binary("release"))
}

/// Builds the release binary; the browser application has to be built already.
pub fn server() -> Result {
    step("server", || run_command(cargo().args(["build", "--release", "--package", "server"])))
}

/// Removes the demo database, but never one that `DATABASE_URL` names.
fn remove_database() -> Result {
    if env::var_os("DATABASE_URL").is_some() {
        return fail("--fresh removes only the default database, but DATABASE_URL names another");
    }
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let file = paths::root().join("data").join(format!("isp.db{suffix}"));
        if file.exists() {
            fs::remove_file(&file)?;
        }
    }
    note("the demo database was removed");
    Ok(())
}

/// Replaces this process by the server, so that signals reach it.
#[cfg(unix)]
fn exec_server(mut server: Command) -> Result {
    use std::os::unix::process::CommandExt;
    Err(server.exec().into())
}

#[cfg(not(unix))]
fn become_server(mut server: Command) -> Result {
    run_command(&mut server)
}
