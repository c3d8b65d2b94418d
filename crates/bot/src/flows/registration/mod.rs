//! Applications to become a technician: the form of the applicant and the review by the office.

mod answers;
pub mod dialogue;
mod form;
mod questions;
mod review;
mod submit;

use crate::callback_data::registration::{FormStep, RegistrationCallback};
use dialogue::RegistrationDialogue;
use form::ApplicationForm;
pub use review::{application_view, decision_view};
use services::{Result, technician_registrations};
use shared::technician::SkillKind;
use shared::technician_registration::RegistrationStatus;

use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::format;
use crate::html::escape;
use crate::incoming_update::Input;
use crate::response::BotResponse;
use crate::texts::{self, registration};

/// Handles a button.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, `RegistrationClosed`, and the refusals of a decision.
pub fn handle_callback(
    ctx: UpdateContext<'_, '_>,
    dialogue: Option<&Dialogue>,
    message_id: i32,
    callback: &RegistrationCallback,
) -> Result<BotResponse> {
    use RegistrationCallback as Callback;
    match *callback {
        Callback::Approve(id) => review::approve(ctx, message_id, id),
        Callback::Reject(id) => review::ask_reason(ctx, message_id, id),
        Callback::RejectReady(id, reason) => {
            review::reject_with_ready_reason(ctx, message_id, id, reason)
        }
        Callback::RejectCustom(id) => review::ask_custom_reason(ctx, message_id, id),
        Callback::Show(id) => review::show(ctx, message_id, id),
        _ => match dialogue {
            Some(Dialogue::Registration(RegistrationDialogue::Applying(form))) => {
                handle_form_callback(ctx, form, message_id, callback)
            }
            _ if *callback == Callback::Submit => submit::submitted_before(ctx),
            _ => Ok(stale_button(&ctx)),
        },
    }
}

/// Handles a button of the form. A button of another question than the open one has no effect.
fn handle_form_callback(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
    callback: &RegistrationCallback,
) -> Result<BotResponse> {
    use RegistrationCallback as Callback;
    let (lang, view_ctx) = (ctx.lang, ctx.view_ctx());
    match (callback, form.step) {
        (Callback::Back(at), step) if *at == step => {
            let answer = questions::answer_line(lang, form, step);
            let question = answers::previous_question(ctx, form)?;
            Ok(BotResponse::edit(message_id, answer, Vec::new()).then(question))
        }
        (Callback::Skill(skill, selected), FormStep::Skills) => {
            Ok(select_skill(&ctx, form, message_id, *skill, *selected))
        }
        (Callback::Next(FormStep::Skills), FormStep::Skills) if form.skills.is_empty() => {
            Ok(BotResponse::toast(registration::tick_one(lang)))
        }
        (Callback::Next(at), step) if *at == step => next_question(ctx, form, message_id),
        (Callback::Submit, FormStep::Summary) => submit::submit(ctx, form, message_id),
        (Callback::Correct, FormStep::Summary) => {
            Ok(BotResponse::edit_view(message_id, questions::corrections_view(view_ctx, form)))
        }
        (Callback::Keep, FormStep::Summary) => {
            Ok(BotResponse::edit_view(message_id, questions::summary_view(view_ctx, form)))
        }
        (Callback::CorrectField(field), FormStep::Summary) => {
            correct_answer(ctx, form, message_id, *field)
        }
        _ => Ok(stale_button(&ctx)),
    }
}

fn stale_button(ctx: &UpdateContext<'_, '_>) -> BotResponse {
    BotResponse::toast(texts::common::stale_button(ctx.lang))
}

fn select_skill(
    ctx: &UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
    skill: SkillKind,
    selected: bool,
) -> BotResponse {
    let mut form = form.clone();
    form.select_skill(skill, selected);
    BotResponse::edit_view(message_id, questions::skills_view(ctx.view_ctx(), &form))
        .with_dialogue(RegistrationDialogue::Applying(form))
}

/// Asks the next question; the pressed message keeps the answer, without buttons.
fn next_question(
    mut ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
) -> Result<BotResponse> {
    let mut form = form.clone();
    let receipt = format!("👍 {}", questions::answer_line(ctx.lang, &form, form.step));
    form.advance();
    let question = questions::ask_question(&mut ctx, form)?;
    Ok(BotResponse::edit(message_id, receipt, Vec::new()).then(question))
}

fn correct_answer(
    mut ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    message_id: i32,
    field: FormStep,
) -> Result<BotResponse> {
    let mut form = form.clone();
    let summary = questions::form_summary(ctx.lang, &form);
    form.correct(field);
    let question = questions::ask_question(&mut ctx, form)?;
    Ok(BotResponse::edit(message_id, summary, Vec::new()).then(question))
}

/// Handles input to the dialogue.
///
/// # Errors
/// `NotAuthenticated`, `Forbidden`, `NotFound`, and the refusals of a decision.
pub fn handle_input(
    ctx: UpdateContext<'_, '_>,
    dialogue: &RegistrationDialogue,
    input: &Input,
) -> Result<BotResponse> {
    match dialogue {
        RegistrationDialogue::Applying(form) => answers::handle_answer(ctx, form, input),
        RegistrationDialogue::Rejecting { id, message_id } => {
            review::handle_reason_text(ctx, *id, *message_id, input)
        }
    }
}

/// `/start` in a chat without an account: begins an application, or continues it.
///
/// # Errors
/// `RegistrationClosed`.
pub fn start(mut ctx: UpdateContext<'_, '_>, dialogue: Option<&Dialogue>) -> Result<BotResponse> {
    let lang = ctx.lang;
    if let Some(Dialogue::Registration(RegistrationDialogue::Applying(form))) = dialogue {
        let question = questions::ask_question(&mut ctx, form.clone())?;
        return Ok(BotResponse::text(registration::resumed(lang)).then(question));
    }
    let known = technician_registrations::newest_of_chat(ctx.tx.conn(), ctx.chat)?;
    if let Some(pending) = known.filter(|known| known.status == RegistrationStatus::Pending) {
        let since = escape(&format::date_time(ctx.view_ctx(), pending.created_at));
        return Ok(BotResponse::text(registration::pending(lang, since)));
    }
    technician_registrations::check_open(ctx.tx.conn())?;
    let question = questions::ask_question(&mut ctx, ApplicationForm::new())?;
    Ok(BotResponse::text(registration::welcome(lang)).then(question))
}
