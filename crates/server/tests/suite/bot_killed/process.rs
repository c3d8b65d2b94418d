//! The real server as a process of its own.

use std::path::Path;
use std::time::{Duration, Instant};

use server_process::ServerProcess;
use telegram_fake::FakeTelegram;

use super::people::Town;

/// Longest that the end of all work is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running process. It is killed when it is dropped.
pub struct Server {
    process: ServerProcess,
}

impl Server {
    /// Starts it on the town's database and waits until it answers.
    pub fn start(town: &Town, telegram: &FakeTelegram) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_isp-server"));
        let mut command = server_process::command(program, town.dir.path());
        command
            .arg("serve")
            .env("DATABASE_URL", &town.database_url)
            .env("UPLOADS_URL", &town.uploads_url)
            .env("LOG_LEVEL", "error")
            .env("TELEGRAM_BOT_TOKEN", telegram.token())
            .env("TELEGRAM_API_URL", telegram.api_url());
        Self { process: ServerProcess::start(command).unwrap() }
    }

    /// SIGKILL: nothing that it is doing comes to its end.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Waits until nothing more is told to the bot and nothing more comes from it.
    pub async fn settle(&self, telegram: &FakeTelegram) {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = (usize::MAX, Instant::now());
        while seen.1.elapsed() < Duration::from_secs(3) || telegram.unconfirmed_updates() > 0 {
            let sent = telegram.log().iter().filter(|one| one.method != "getupdates").count();
            if sent != seen.0 {
                seen = (sent, Instant::now());
            }
            assert!(Instant::now() < deadline, "the bot never comes to rest");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
