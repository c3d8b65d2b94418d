//! Linking a chat with a user account.

use notify::telegram::Keyboard;
use services::telegram::LinkAttempt;
use services::{Result, telegram};
use shared::ErrorCode;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::{help, registration};
use crate::html::bold;
use crate::response::BotResponse;
use crate::texts;

/// `/start`, alone or with a code of the profile page.
///
/// # Errors
/// `TooManyAttempts`, `RegistrationClosed`.
pub fn start(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    code: &str,
) -> Result<BotResponse> {
    let code = code.trim();
    if !code.is_empty() {
        return redeem(ctx, dialogue, code);
    }
    match ctx.actor {
        Some(_) => Ok(help::help(&ctx)),
        None => registration::start(ctx, dialogue),
    }
}

fn redeem(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    code: &str,
) -> Result<BotResponse> {
    // The language of the person's Telegram, not that of an earlier link of this chat.
    let lang = ctx.sender.lang;
    let attempt = telegram::attempt_link(ctx.tx, &ctx.state.cipher, ctx.chat, lang, code)?;
    if attempt == LinkAttempt::Wrong {
        return Ok(BotResponse::text(ErrorCode::WrongLinkCode.message(ctx.lang, None)));
    }
    let actor = telegram::actor_for_chat(ctx.tx.conn(), ctx.chat)?;
    let name = bold(&actor.map(|actor| actor.name).unwrap_or_default());
    let text = texts::account::linked(lang, name);
    let photo = dialogue.and_then(Dialogue::applicant_photo);
    Ok(BotResponse::with_keyboard(text, Keyboard::Remove).orphaning(photo).ending_dialogue())
}

/// Records that the person has blocked the bot, or unblocked it.
///
/// # Errors
/// None but a failing database.
pub fn set_blocked(ctx: UpdateContext<'_, '_>, blocked: bool) -> Result<BotResponse> {
    telegram::set_blocked(ctx.tx, ctx.chat, blocked)?;
    Ok(BotResponse::default())
}
