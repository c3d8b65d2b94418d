//! Joining a chat with a login.

use notify::telegram::Keyboard;
use services::telegram::LinkAttempt;
use services::{Result, telegram};
use shared::{ErrorCode, Lang};

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::{help, registration};
use crate::html::bold;
use crate::response::BotResponse;

/// `/start`, alone or with the code of the profile page.
///
/// # Errors
/// The code is wrong; the database fails.
pub fn start(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    code: &str,
) -> Result<BotResponse> {
    let code = code.trim();
    if !code.is_empty() {
        return redeem(here, dialogue, code);
    }
    match here.actor {
        Some(_) => help::help(here),
        None => registration::start(here, dialogue),
    }
}

fn redeem(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    code: &str,
) -> Result<BotResponse> {
    if telegram::attempt_link(here.tx, &here.state.cipher, here.chat, Lang::Id, code)?
        == LinkAttempt::Wrong
    {
        return Ok(BotResponse::text(ErrorCode::WrongLinkCode.message(Lang::Id, None)));
    }
    let name = telegram::actor_for_chat(here.tx.conn(), here.chat)?.map(|actor| actor.name);
    let name = bold(&name.unwrap_or_default());
    let text =
        format!("✅ Telegram ini sekarang terhubung ke akun {name}.\nKetik /help untuk mulai.");
    let leftover = match dialogue {
        Some(Dialogue::Registration(state)) => state.photo_file(),
        _ => None,
    };
    Ok(BotResponse::with_keyboard(text, Keyboard::Remove).orphaning(leftover).ending_dialogue())
}

/// The person has stopped the bot, or lets it speak again.
///
/// # Errors
/// The database fails.
pub fn set_blocked(here: UpdateContext<'_, '_>, blocked: bool) -> Result<BotResponse> {
    telegram::set_blocked(here.tx, here.chat, blocked)?;
    Ok(BotResponse::default())
}
