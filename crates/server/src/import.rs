//! `isp-server import`

use std::path::Path;
use std::process::ExitCode;

use crate::cli::Importable;
use crate::config::Config;

pub(crate) async fn run(_: &Config, _: Importable, _: &Path, _: bool) -> Result<ExitCode, String> {
    Err("not yet".into())
}
