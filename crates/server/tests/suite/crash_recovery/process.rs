//! The real server as a process of its own.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use telegram_fake::FakeTelegram;

use super::workload::Town;

/// Longest that a start or the end of all work is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running process. It is killed when it is dropped.
pub struct Server {
    child: Child,
}

impl Server {
    /// Starts it on the town's database; it answers when this returns.
    pub fn start(town: &Town, telegram: &FakeTelegram) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(env!("CARGO_BIN_EXE_isp-server"))
            .arg("serve")
            .current_dir(town.dir.path())
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("DATABASE_URL", &town.database_url)
            .env("UPLOADS_URL", &town.uploads_url)
            .env("PORT", port.to_string())
            .env("LOG_LEVEL", "error")
            .env("TELEGRAM_BOT_TOKEN", telegram.token())
            .env("TELEGRAM_API_URL", telegram.api_url())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "the server does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self { child }
    }

    /// SIGKILL: nothing that it is doing comes to its end.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
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

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
