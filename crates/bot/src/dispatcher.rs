//! Which flow answers what: the whole bot on one page.

use services::{Refusal, Result};

use crate::callback_data::CallbackData;
use crate::command::Command;
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::flows::{
    account_link, admin, bag, completion, help, jobs, location, profile, registration,
};
use crate::html::escape;
use crate::process_update::refusal_text;
use crate::response::BotResponse;
use crate::update::{IncomingUpdate, Input};

const STALE_BUTTON: &str = "Tombol ini sudah tidak berlaku.";

/// Answers what a person did.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn dispatch(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    input: &Input,
) -> Result<BotResponse> {
    match input {
        Input::BotBlocked(blocked) => account_link::set_blocked(here, *blocked),
        Input::CallbackQuery { message_id, data, .. } => {
            handle_callback(here, dialogue, *message_id, data)
        }
        Input::Text(text) if text.starts_with('/') => match Command::from_text(text) {
            Some(command) => self::handle_command(here, dialogue, command),
            None => Ok(BotResponse::text(
                "Perintah itu tidak dikenal. Ketik /help untuk daftar perintah.",
            )),
        },
        // A place that comes by itself while the phone moves is no answer to a question.
        Input::Location { location: place, live: true } => location::on_live_location(here, *place),
        _ => match dialogue {
            Some(dialogue) => handle_input(here, dialogue, input),
            None => handle_unprompted(here, input),
        },
    }
}

fn handle_command(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    command: Command,
) -> Result<BotResponse> {
    match command {
        Command::Start(code) => account_link::start(here, dialogue, &code),
        Command::Help => help::help(here),
        Command::Cancel => help::cancel(here, dialogue),
        Command::Jobs => jobs::offers(here),
        Command::Myjobs => jobs::own_jobs(here),
        Command::Bag => bag::show(here),
        Command::Profile => profile::show(here),
        Command::Admin => admin::overview(here),
        Command::JobsAdmin => admin::jobs(here),
        Command::Inventory => admin::inventory(here),
        Command::Reports => admin::reports(here),
        Command::Technicians => admin::technicians(here),
    }
}

fn handle_callback(
    here: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    data: &str,
) -> Result<BotResponse> {
    match here.state.callback_signer.verify(here.chat, data) {
        Some(CallbackData::Job(press)) => jobs::handle_callback(here, dialogue, message_id, press),
        Some(CallbackData::Completion(press)) => {
            completion::handle_callback(here, dialogue, message_id, press)
        }
        Some(CallbackData::Bag(press)) => bag::handle_callback(here, dialogue, message_id, press),
        Some(CallbackData::Profile(press)) => {
            profile::handle_callback(here, dialogue, message_id, press)
        }
        Some(CallbackData::Registration(press)) => {
            registration::handle_callback(here, dialogue, message_id, press)
        }
        Some(CallbackData::Admin(press)) => {
            admin::handle_callback(here, dialogue, message_id, press)
        }
        None => Ok(BotResponse::toast(STALE_BUTTON)),
    }
}

fn handle_input(
    here: UpdateContext<'_, '_>,
    dialogue: &Dialogue,
    input: &Input,
) -> Result<BotResponse> {
    match dialogue {
        Dialogue::Registration(state) => registration::handle_input(here, state, input),
        Dialogue::Job(state) => jobs::handle_input(here, state, input),
        Dialogue::Completion(state) => completion::handle_input(here, state, input),
        Dialogue::Bag(state) => bag::handle_input(here, state, input),
        Dialogue::Profile(state) => profile::handle_input(here, state, input),
        Dialogue::Admin(state) => admin::handle_input(here, state, input),
    }
}

/// Nothing is going on, and no command was given.
fn handle_unprompted(here: UpdateContext<'_, '_>, input: &Input) -> Result<BotResponse> {
    match input {
        Input::Location { location: place, .. } => location::on_location(here, *place),
        Input::Photo { file, .. } => completion::on_unassigned_photo(here, file),
        // A number that somebody sends links nothing: it proves no login.
        _ => help::fallback(here),
    }
}

/// Tells why something was refused.
pub fn refusal_response(incoming: &IncomingUpdate, refusal: &Refusal) -> BotResponse {
    let text = refusal_text(refusal);
    match incoming.input {
        // A toast holds 200 characters.
        Input::CallbackQuery { .. } if text.chars().count() <= 190 => BotResponse::toast(text),
        _ => BotResponse::text(escape(&text)),
    }
}
