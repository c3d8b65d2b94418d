//! The program `isp-server`.

use std::process::ExitCode;

fn main() -> ExitCode {
    services::allocator::release_large_allocations();
    server::cli::run()
}
