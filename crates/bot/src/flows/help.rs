//! `/help`, `/cancel` and the response to unexpected input.

use notify::telegram::Keyboard;
use shared::Permission;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::registration::dialogue::RegistrationDialogue;
use crate::html::bold;
use crate::response::BotResponse;
use crate::texts;

/// Lists what the person can do in this chat.
pub fn help(ctx: &UpdateContext<'_, '_>) -> BotResponse {
    let lang = ctx.lang;
    let Some(actor) = &ctx.actor else {
        return BotResponse::text(texts::help::not_linked(lang));
    };
    let mut parts = vec![texts::help::greeting(lang, bold(&actor.name))];
    if actor.technician_id.is_some() {
        parts.push(texts::help::technician(lang).to_owned());
    }
    if actor.permissions.allows(Permission::DashboardRead) {
        parts.push(texts::help::office(lang).to_owned());
    }
    BotResponse::text(parts.join("\n\n"))
}

/// Ends the dialogue.
pub fn cancel(ctx: &UpdateContext<'_, '_>, dialogue: Option<&Dialogue>) -> BotResponse {
    let text = match dialogue {
        None => texts::help::nothing_to_cancel(ctx.lang),
        Some(Dialogue::Registration(RegistrationDialogue::Applying(_))) => {
            texts::help::application_cancelled(ctx.lang)
        }
        Some(_) => texts::help::cancelled(ctx.lang),
    };
    let photo = dialogue.and_then(Dialogue::applicant_photo);
    BotResponse::with_keyboard(text, Keyboard::Remove).orphaning(photo).ending_dialogue()
}

/// Answers input that nothing asked for.
pub fn fallback(ctx: &UpdateContext<'_, '_>) -> BotResponse {
    match ctx.actor {
        Some(_) => BotResponse::text(texts::help::fallback(ctx.lang)),
        None => help(ctx),
    }
}
