//! `isp-server`

use std::process::ExitCode;

fn main() -> ExitCode {
    services::memory::give_large_pieces_back();
    server::cli::run()
}
