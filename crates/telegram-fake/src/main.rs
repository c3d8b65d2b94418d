//! `telegram-fake [PORT]`: a Telegram for trying the bot without an account.
#![allow(clippy::print_stdout, reason = "a command talks to a terminal")]

use std::process::ExitCode;

use telegram_fake::{FakeTelegram, TOKEN};

fn main() -> ExitCode {
    let port = std::env::args().nth(1).map_or(Ok(3002), |port| port.parse());
    let Ok(port) = port else {
        eprintln!("telegram-fake [PORT]");
        return ExitCode::FAILURE;
    };
    let telegram = FakeTelegram::start_on(port);
    println!("chat with the bot on {}/", telegram.api_url());
    println!("TELEGRAM_API_URL={} TELEGRAM_BOT_TOKEN={TOKEN}", telegram.api_url());
    loop {
        std::thread::park();
    }
}
