//! `telegram-fake [--port PORT]`: the fake as a program, for trying the bot without an account.
#![allow(clippy::print_stdout, reason = "a command talks to a terminal")]

use std::process::ExitCode;

use telegram_fake::{FakeTelegram, TOKEN};

const USAGE: &str = "telegram-fake [--port PORT]";

/// The default port.
const PORT: u16 = 3002;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(port) = port(&args) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let telegram = FakeTelegram::start_on(port);
    println!("chat with the bot on {}/", telegram.api_url());
    println!("TELEGRAM_API_URL={} TELEGRAM_BOT_TOKEN={TOKEN}", telegram.api_url());
    loop {
        std::thread::park();
    }
}

fn port(args: &[String]) -> Option<u16> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        [] => Some(PORT),
        [port] | ["--port", port] => port.parse().ok(),
        _ => None,
    }
}
