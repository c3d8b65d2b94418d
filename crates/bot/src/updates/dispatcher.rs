//! Dispatches an update to its flow.

use services::{Refusal, Result};
use shared::Lang;

use crate::callback_data::CallbackData;
use crate::command::Command;
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::{
    account_link, admin, bag, completion, help, jobs, location, profile, registration,
};
use crate::html::escape;
use crate::incoming_update::{IncomingUpdate, Input};
use crate::response::BotResponse;
use crate::texts;
use crate::updates::refusal_text::refusal_text;

/// Longest text that a toast shows, in characters; Telegram takes 200.
const MAX_TOAST_CHARS: usize = 190;

/// Lets the flow of an update answer it.
///
/// # Errors
/// The refusals of the flow.
pub fn dispatch(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    input: &Input,
) -> Result<BotResponse> {
    match input {
        Input::BotBlocked(blocked) => account_link::set_blocked(ctx, *blocked),
        Input::CallbackQuery { message_id, callback, .. } => {
            handle_callback(ctx, dialogue, *message_id, callback.as_ref())
        }
        Input::Text(text) if text.starts_with('/') => match Command::from_text(text) {
            Some(command) => handle_command(ctx, dialogue, command),
            None => Ok(BotResponse::text(texts::common::unknown_command(ctx.lang))),
        },
        Input::EditedText(text) => handle_edit(ctx, dialogue, text),
        // A live location comes by itself while the phone moves, so it answers no question.
        Input::Location { location, live: true } => location::on_live_location(ctx, *location),
        _ => match dialogue {
            Some(dialogue) => handle_input(ctx, dialogue, input),
            None => handle_unprompted(ctx, input),
        },
    }
}

fn handle_command(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    command: Command,
) -> Result<BotResponse> {
    match command {
        Command::Start(code) => account_link::start(ctx, dialogue, &code),
        Command::Help => Ok(help::help(&ctx)),
        Command::Cancel => Ok(help::cancel(&ctx, dialogue)),
        Command::Jobs => jobs::offers(ctx),
        Command::Myjobs => jobs::own_jobs(ctx),
        Command::Bag => bag::show(ctx),
        Command::Profile => profile::show(ctx),
        Command::Admin => admin::overview(ctx),
        Command::JobsAdmin => admin::jobs(ctx),
        Command::Inventory => admin::inventory(ctx),
        Command::Reports => admin::reports(ctx),
        Command::Technicians => admin::technicians(ctx),
    }
}

fn handle_callback(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    callback: Option<&CallbackData>,
) -> Result<BotResponse> {
    match callback {
        Some(CallbackData::Job(callback)) => {
            jobs::handle_callback(ctx, dialogue, message_id, callback)
        }
        Some(CallbackData::Completion(callback)) => {
            completion::handle_callback(ctx, dialogue, message_id, callback)
        }
        Some(CallbackData::Bag(callback)) => {
            bag::handle_callback(ctx, dialogue, message_id, callback)
        }
        Some(CallbackData::Profile(callback)) => {
            profile::handle_callback(ctx, message_id, callback)
        }
        Some(CallbackData::Registration(callback)) => {
            registration::handle_callback(ctx, dialogue, message_id, callback)
        }
        Some(CallbackData::Admin(callback)) => {
            admin::handle_callback(ctx, dialogue, message_id, callback)
        }
        None => Ok(BotResponse::toast(texts::common::stale_button(ctx.lang))),
    }
}

fn handle_input(
    ctx: UpdateContext<'_, '_>,
    dialogue: &Dialogue,
    input: &Input,
) -> Result<BotResponse> {
    match dialogue {
        Dialogue::Registration(state) => registration::handle_input(ctx, state, input),
        Dialogue::Job(state) => jobs::handle_input(ctx, state, input),
        Dialogue::Completion(state) => completion::handle_input(ctx, state, input),
        Dialogue::Bag(state) => bag::handle_input(ctx, state, input),
        Dialogue::Admin(state) => admin::handle_input(ctx, state, input),
    }
}

/// Corrects an open report; says how to correct anything else.
fn handle_edit(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    text: &str,
) -> Result<BotResponse> {
    match dialogue {
        Some(Dialogue::Completion(state)) => completion::handle_edit(ctx, state, text),
        _ => Ok(BotResponse::text(texts::common::edit_not_read(ctx.lang))),
    }
}

/// Answers input that no dialogue waits for.
fn handle_unprompted(ctx: UpdateContext<'_, '_>, input: &Input) -> Result<BotResponse> {
    match input {
        Input::Location { location, .. } => location::on_location(ctx, *location),
        Input::Photo { file, .. } => completion::on_unassigned_photo(ctx, file),
        // A shared phone number links nothing: it does not prove who writes.
        _ => Ok(help::fallback(&ctx)),
    }
}

/// Explains a refusal.
pub fn refusal_response(incoming: &IncomingUpdate, lang: Lang, refusal: &Refusal) -> BotResponse {
    let text = refusal_text(lang, refusal);
    match incoming.input {
        Input::CallbackQuery { .. } if text.chars().count() <= MAX_TOAST_CHARS => {
            BotResponse::toast(text)
        }
        _ => BotResponse::text(escape(&text)),
    }
}
