//! `cargo xtask dev`: rebuilds and restarts on every change until Ctrl-C.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use crate::process::{Result, cargo, command, fail, run};
use crate::progress::{note, step};
use crate::setup::{self, Frontend};
use crate::{fingerprint, paths};

const POLL_INTERVAL: Duration = Duration::from_millis(700);
const SERVER_SOURCES: [&str; 9] = [
    "crates/shared",
    "crates/db",
    "crates/services",
    "crates/api",
    "crates/bot",
    "crates/notify",
    "crates/server",
    "migrations",
    "Cargo.toml",
];

/// Builds the browser application and the server without optimisation and rebuilds them on every change.
pub fn dev(port: Option<u16>) -> Result {
    let frontend = setup::frontend()?;
    let spa = paths::spa_target().join("dev-dist");
    fs::create_dir_all(&spa)?;
    step("server", build_server)?;
    let mut trunk = watch(&frontend, &spa)?.spawn()?;
    let mut server = DevServer { port, spa, child: None };
    let result = server.keep_current(&mut trunk);
    server.stop()?;
    trunk.kill()?;
    trunk.wait()?;
    result
}

/// Trunk in watch mode. The server serves the page, so Trunk's own live reload is not used.
fn watch(frontend: &Frontend, dist: &PathBuf) -> Result<Command> {
    let mut trunk = frontend.trunk()?;
    trunk.arg("watch").arg("--dist").arg(dist);
    let sources = [
        "src",
        "locales",
        "assets",
        "index.html",
        "boot.js",
        "styles/input.css",
        "styles/theme.css",
        "styles/base.css",
    ];
    let sources = sources
        .iter()
        .map(|path| paths::frontend().join(path))
        .chain([paths::root().join("crates/shared/src")]);
    for path in sources.filter(|path| path.exists()) {
        trunk.arg("--watch").arg(path);
    }
    Ok(trunk)
}

fn build_server() -> Result {
    run(cargo().args(["build", "--package", "server"]))
}

struct DevServer {
    port: Option<u16>,
    spa: PathBuf,
    child: Option<Child>,
}

impl DevServer {
    fn keep_current(&mut self, trunk: &mut Child) -> Result {
        let sources: Vec<PathBuf> =
            SERVER_SOURCES.iter().map(|path| paths::root().join(path)).collect();
        let mut running = fingerprint::from_times(&sources)?;
        self.start()?;
        loop {
            sleep(POLL_INTERVAL);
            if let Some(status) = trunk.try_wait()? {
                return fail(format!("Trunk ended ({status})"));
            }
            let current = fingerprint::from_times(&sources)?;
            if current != running {
                running = current;
                self.rebuild()?;
            }
        }
    }

    /// Rebuilds and restarts the server. After a failed build the running one goes on.
    fn rebuild(&mut self) -> Result {
        match step("server", build_server) {
            Ok(()) => {
                self.stop()?;
                self.start()
            }
            Err(_) => {
                note("the server goes on as it was");
                Ok(())
            }
        }
    }

    fn start(&mut self) -> Result {
        let mut server = command(paths::server_binary("debug"));
        server.args(["serve", "--demo"]).env("SPA_DIR", &self.spa);
        if let Some(port) = self.port {
            server.env("PORT", port.to_string());
        }
        self.child = Some(server.spawn()?);
        Ok(())
    }

    fn stop(&mut self) -> Result {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}
