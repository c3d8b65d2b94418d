//! Dispatches an update to its flow.

use chrono::{DateTime, TimeDelta, Utc};
use services::{Refusal, Result};
use shared::Lang;

use crate::callback_data::CallbackData;
use crate::command::Command;
use crate::context::UpdateContext;
use crate::dialogue::{Dialogue, OpenDialogue};
use crate::flows::{
    account_link, admin, bag, completion, help, jobs, location, profile, registration,
};
use crate::format;
use crate::html::escape;
use crate::incoming_update::{IncomingUpdate, Input, LocationSource};
use crate::response::BotResponse;
use crate::texts;
use crate::updates::refusal_text::refusal_text;

/// Longest text that a toast shows, in characters; Telegram takes 200.
const MAX_TOAST_CHARS: usize = 190;
/// How long before a question its answer may be sent: people know the questions and do not wait for them.
const TYPE_AHEAD: TimeDelta = TimeDelta::minutes(1);

/// Lets the flow of an update answer it.
///
/// # Errors
/// The refusals of the flow.
pub fn dispatch(
    ctx: UpdateContext<'_, '_>,
    open: Option<&OpenDialogue>,
    input: &Input,
) -> Result<BotResponse> {
    let dialogue = open.map(|open| &open.dialogue);
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
        // A live location moves by itself with the phone, so it answers no question.
        Input::Location { location, source: LocationSource::LiveMove } => {
            location::on_live_location(ctx, *location)
        }
        Input::Location { location, source: LocationSource::LiveStart }
            if !dialogue.is_some_and(Dialogue::wants_location) =>
        {
            location::on_live_location(ctx, *location)
        }
        _ => match open {
            Some(open) => handle_input_in_time(ctx, open, input),
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

/// Handles input to the dialogue, unless it was sent before the dialogue asked for it.
fn handle_input_in_time(
    ctx: UpdateContext<'_, '_>,
    open: &OpenDialogue,
    input: &Input,
) -> Result<BotResponse> {
    let line = match input {
        Input::Forwarded => texts::common::forwarded(ctx.lang).to_owned(),
        _ => match sent_too_early(&ctx, open, input) {
            Some(sent_at) => {
                let time = escape(&format::date_time(ctx.view_ctx(), sent_at));
                texts::common::sent_before_question(ctx.lang, time)
            }
            None => return handle_input(ctx, &open.dialogue, input),
        },
    };
    // What the dialogue waits for stands below the line.
    Ok(handle_input(ctx, &open.dialogue, &Input::Unsupported)?.after_line(&line))
}

/// When the input was sent, if that was before the question that is open now: after the bot was away, an
/// answer to an earlier question would otherwise answer this one. A photo belongs to the whole report.
fn sent_too_early(
    ctx: &UpdateContext<'_, '_>,
    open: &OpenDialogue,
    input: &Input,
) -> Option<DateTime<Utc>> {
    let since = match input {
        Input::Text(_) | Input::Contact { .. } => open.asked_at?,
        Input::Photo { .. } => open.began_at?,
        _ => return None,
    };
    ctx.sent_at.filter(|sent_at| *sent_at + TYPE_AHEAD < since)
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
        Input::Location { location, source } => location::on_location(ctx, *location, *source),
        Input::Photo { file, .. } => completion::on_unassigned_photo(ctx, file),
        Input::Forwarded => Ok(BotResponse::text(texts::common::forwarded(ctx.lang))),
        // Somebody says thank you.
        Input::Mood if ctx.actor.is_some() => Ok(BotResponse::default()),
        Input::Unsupported if ctx.actor.is_some() => {
            Ok(BotResponse::text(texts::common::not_read(ctx.lang)))
        }
        // A shared phone number links nothing and changes nothing: the office does.
        Input::Contact { own: true, .. } if ctx.actor.is_some() => {
            Ok(BotResponse::text(texts::common::phone_not_changed(ctx.lang)))
        }
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
