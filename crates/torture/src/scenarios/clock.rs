//! Trial with a clock that jumps by a day, forward and back, while the server runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::client::Client;
use crate::server::{PASSWORD, ServerSetup};
use crate::{Result, Trial};

pub async fn jumps(trial: &mut Trial) {
    let begun = Instant::now();
    let seen = jump(trial).await;
    trial.report.add("clock a day ahead, and back", begun, seen);
}

/// Finds libfaketime, which shifts the clock of a process (Debian package: faketime).
fn faketime() -> Option<PathBuf> {
    let roots = ["/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
    let path = |root: &str| Path::new(root).join("faketime/libfaketime.so.1");
    roots.iter().map(|root| path(root)).find(|path| path.exists())
}

async fn jump(trial: &Trial) -> Result<String> {
    let library = faketime().ok_or("not tried: libfaketime is not installed")?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let offset = folder.path().join("offset");
    let set = |text: &str| fs::write(&offset, text).map_err(|error| error.to_string());
    set("+0")?;
    let mut setup = ServerSetup::sqlite(&trial.server_bin, folder.path());
    setup.variables = vec![
        ("LD_PRELOAD".into(), library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE".into(), offset.display().to_string()),
        ("FAKETIME_NO_CACHE".into(), "1".into()),
        ("DONT_FAKE_MONOTONIC".into(), "1".into()),
    ];
    let server = setup.start().await?;
    let mut made = 0;
    for shift in ["+0", "+1d", "+0", "-1d", "+0"] {
        set(shift)?;
        let client = server.owner().await.map_err(|error| format!("at {shift}: {error}"))?;
        client
            .add_customer("Siti", made)
            .await
            .map_err(|failure| format!("at {shift}: {failure:?}"))?;
        made += 1;
        server.wait_for_ready_status(204).await?;
        if shift == "+1d" {
            for _ in 0..6 {
                // Failed sign-ins set a waiting time that is then a day ahead.
                let _ = Client::sign_in(&server.base, "pemilik", "salah").await;
            }
        }
    }
    Client::sign_in(&server.base, "pemilik", PASSWORD).await?;
    server.stop()?;
    setup.run(&["ledger", "verify"])?;
    setup.run(&["audit", "verify"])?;
    Ok(format!("{made} changes and sign-ins before, between and after; ledger and audit sound"))
}
