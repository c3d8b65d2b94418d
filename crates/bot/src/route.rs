//! Which flow answers what: the whole bot on one page.

use services::{Refusal, Result};

use crate::answer::Answer;
use crate::command::Command;
use crate::dialogue::Dialogue;
use crate::flows::{admin, bag, completion, help, jobs, link, place, profile, registration};
use crate::handle::words;
use crate::here::Here;
use crate::html::escape;
use crate::press::Press;
use crate::update::{Incoming, Input};

const STALE: &str = "Tombol ini sudah tidak berlaku.";

/// Answers what a person did.
///
/// # Errors
/// A rule refuses; the database fails.
pub fn route(here: Here<'_, '_>, dialogue: Option<&Dialogue>, input: &Input) -> Result<Answer> {
    match input {
        Input::Blocked(blocked) => link::set_blocked(here, *blocked),
        Input::Press { message_id, data, .. } => press(here, dialogue, *message_id, data),
        Input::Text(text) if text.starts_with('/') => match Command::read(text) {
            Some(command) => self::command(here, dialogue, command),
            None => {
                Ok(Answer::text("Perintah itu tidak dikenal. Ketik /help untuk daftar perintah."))
            }
        },
        // A place that comes by itself while the phone moves is no answer to a question.
        Input::Place { place, live: true } => place::moved(here, *place),
        _ => match dialogue {
            Some(dialogue) => go_on(here, dialogue, input),
            None => idle(here, input),
        },
    }
}

fn command(here: Here<'_, '_>, dialogue: Option<&Dialogue>, command: Command) -> Result<Answer> {
    match command {
        Command::Start(code) => link::start(here, dialogue, &code),
        Command::Help => help::help(here),
        Command::Cancel => help::cancel(here, dialogue),
        Command::Jobs => jobs::offers(here),
        Command::Myjobs => jobs::own(here),
        Command::Bag => bag::show(here),
        Command::Profile => profile::show(here),
        Command::Admin => admin::today(here),
        Command::JobsAdmin => admin::jobs(here),
        Command::Inventory => admin::inventory(here),
        Command::Reports => admin::reports(here),
        Command::Technicians => admin::technicians(here),
    }
}

fn press(
    here: Here<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    data: &str,
) -> Result<Answer> {
    match here.shared.buttons.read(here.chat, data) {
        Some(Press::Job(press)) => jobs::press(here, dialogue, message_id, press),
        Some(Press::Completion(press)) => completion::press(here, dialogue, message_id, press),
        Some(Press::Bag(press)) => bag::press(here, dialogue, message_id, press),
        Some(Press::Profile(press)) => profile::press(here, dialogue, message_id, press),
        Some(Press::Registration(press)) => registration::press(here, dialogue, message_id, press),
        Some(Press::Admin(press)) => admin::press(here, dialogue, message_id, press),
        None => Ok(Answer::toast(STALE)),
    }
}

fn go_on(here: Here<'_, '_>, dialogue: &Dialogue, input: &Input) -> Result<Answer> {
    match dialogue {
        Dialogue::Registration(state) => registration::go_on(here, state, input),
        Dialogue::Job(state) => jobs::go_on(here, state, input),
        Dialogue::Completion(state) => completion::go_on(here, state, input),
        Dialogue::Bag(state) => bag::go_on(here, state, input),
        Dialogue::Profile(state) => profile::go_on(here, state, input),
        Dialogue::Admin(state) => admin::go_on(here, state, input),
    }
}

/// Nothing is going on, and no command was given.
fn idle(here: Here<'_, '_>, input: &Input) -> Result<Answer> {
    match input {
        Input::Place { place, .. } => place::told(here, *place),
        Input::Picture { file, .. } => completion::photo_without_job(here, file),
        // A number that somebody sends links nothing: it proves no login.
        _ => help::lost(here),
    }
}

/// Tells why something was refused.
pub fn refusal(incoming: &Incoming, refusal: &Refusal) -> Answer {
    let text = words(refusal);
    match incoming.input {
        // A toast holds 200 characters.
        Input::Press { .. } if text.chars().count() <= 190 => Answer::toast(text),
        _ => Answer::text(escape(&text)),
    }
}
