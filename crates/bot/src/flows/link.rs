//! Joining a chat with a login.

use notify::telegram::Keyboard;
use services::telegram::Tried;
use services::{Result, telegram};
use shared::{ErrorCode, Lang};

use crate::answer::Answer;
use crate::dialogue::Dialogue;
use crate::flows::{help, registration};
use crate::here::Here;
use crate::html::bold;

/// `/start`, alone or with the code of the profile page.
///
/// # Errors
/// The code is wrong; the database fails.
pub fn start(here: Here<'_, '_>, dialogue: Option<&Dialogue>, code: &str) -> Result<Answer> {
    let code = code.trim();
    if !code.is_empty() {
        return redeem(here, dialogue, code);
    }
    match here.actor {
        Some(_) => help::help(here),
        None => registration::start(here, dialogue),
    }
}

fn redeem(here: Here<'_, '_>, dialogue: Option<&Dialogue>, code: &str) -> Result<Answer> {
    if telegram::try_code(here.tx, &here.shared.vault, here.chat, code)? == Tried::Wrong {
        return Ok(Answer::text(ErrorCode::WrongLinkCode.message(Lang::Id, None)));
    }
    let name = telegram::actor_of(here.tx.conn(), here.chat)?.map(|actor| actor.name);
    let name = bold(&name.unwrap_or_default());
    let text =
        format!("✅ Telegram ini sekarang terhubung ke akun {name}.\nKetik /help untuk mulai.");
    let leftover = match dialogue {
        Some(Dialogue::Registration(state)) => state.photo_file(),
        _ => None,
    };
    Ok(Answer::with(text, Keyboard::Remove).leaving(leftover).end())
}

/// The person has stopped the bot, or lets it speak again.
///
/// # Errors
/// The database fails.
pub fn set_blocked(here: Here<'_, '_>, blocked: bool) -> Result<Answer> {
    telegram::set_blocked(here.tx, here.chat, blocked)?;
    Ok(Answer::default())
}
