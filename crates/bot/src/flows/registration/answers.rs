//! Answers of an applicant. A wrong answer gets one line, and the question stays open.

use notify::telegram::Keyboard;
use services::Result;
use services::technician_registrations::{self, ApplicantPhoto};
use shared::error::ErrorCode;
use shared::technician_registration::parse_applicant_name;
use shared::validate::Validator;
use shared::{Lang, PhoneNumber};

use super::form::ApplicationForm;
use super::questions::{answer_line, ask_question, service_areas};
use crate::callback_data::registration::FormStep;
use crate::context::{Prefetched, UpdateContext};
use crate::html::escape;
use crate::incoming_update::Input;
use crate::response::BotResponse;
use crate::texts::{registration as texts, report};

/// Longest name of an area, in characters.
const MAX_AREA_CHARS: usize = 100;

/// Handles an answer.
pub fn handle_answer(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    if matches!(input, Input::Text(text) if is_label(text, texts::back)) {
        return previous_question(ctx, form);
    }
    if let Input::Photo { file, .. } = input
        && file.album.is_some()
        && file.album == form.photo_album
    {
        return Ok(BotResponse::default());
    }
    match form.step {
        FormStep::Name => handle_name(ctx, form, input),
        FormStep::Phone => handle_phone(ctx, form, input),
        FormStep::Area => handle_area(ctx, form, input),
        FormStep::Photo => handle_photo(ctx, form, input),
        FormStep::Skills => Ok(BotResponse::text(texts::press_skills(ctx.lang))),
        FormStep::Summary => Ok(BotResponse::text(texts::press_submit(ctx.lang))),
    }
}

/// Whether a text is the label of a keyboard button, in any language: the keyboard may have been sent
/// before the language changed.
fn is_label(text: &str, label: fn(Lang) -> &'static str) -> bool {
    Lang::ALL.iter().any(|lang| label(*lang) == text)
}

/// Asks the question before.
pub fn previous_question(
    mut ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
) -> Result<BotResponse> {
    let mut form = form.clone();
    let from = form.step;
    form.go_back();
    let removes_keyboard = from.uses_chat_keyboard() && !form.step.uses_chat_keyboard();
    let question = ask_question(&mut ctx, form)?;
    Ok(match removes_keyboard {
        true => without_keyboard(texts::okay(ctx.lang)).then(question),
        false => question,
    })
}

fn without_keyboard(text: impl Into<String>) -> BotResponse {
    BotResponse::with_keyboard(text, Keyboard::Remove)
}

/// Asks the next question. Confirms the answer where the keyboard has to be removed.
fn accept_answer(mut ctx: UpdateContext<'_, '_>, mut form: ApplicationForm) -> Result<BotResponse> {
    let from = form.step;
    form.advance();
    let receipt = format!("👍 {}", answer_line(ctx.lang, &form, from));
    let removes_keyboard = from.uses_chat_keyboard() && !form.step.uses_chat_keyboard();
    let question = ask_question(&mut ctx, form)?;
    Ok(if removes_keyboard { without_keyboard(receipt).then(question) } else { question })
}

fn handle_name(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    let lang = ctx.lang;
    let Input::Text(text) = input else { return Ok(BotResponse::text(texts::type_name(lang))) };
    match parse_applicant_name(text) {
        Ok(name) => accept_answer(ctx, ApplicationForm { name: Some(name), ..form.clone() }),
        Err(ErrorCode::TooLong) => Ok(BotResponse::text(texts::name_too_long(lang))),
        Err(_) => Ok(BotResponse::text(texts::name_letters_only(lang))),
    }
}

fn handle_phone(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    let lang = ctx.lang;
    let button = texts::share_phone(lang);
    let number = match input {
        Input::Contact { phone, own: true } => phone,
        Input::Contact { own: false, .. } => {
            return Ok(BotResponse::text(texts::foreign_phone(lang, button)));
        }
        _ => return Ok(BotResponse::text(texts::do_not_type_phone(lang, button))),
    };
    // Telegram writes numbers with their country code, with or without the plus sign.
    let Ok(number) = PhoneNumber::parse(&format!("+{}", number.trim_start_matches('+'))) else {
        return Ok(BotResponse::text(texts::phone_unusable(lang)));
    };
    if technician_registrations::check_phone(ctx.tx.conn(), &number).is_err() {
        // A known number is no proof of who writes, so it links nothing.
        return Ok(BotResponse::text(texts::phone_known(lang)));
    }
    accept_answer(ctx, ApplicationForm { phone: Some(number.to_string()), ..form.clone() })
}

fn handle_area(
    mut ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    match input {
        Input::Location { location, .. } => {
            let place = Some((location.latitude(), location.longitude()));
            accept_answer(ctx, ApplicationForm { place, area: None, ..form.clone() })
        }
        Input::Text(text) => {
            let areas = service_areas(&mut ctx)?;
            let known = areas.iter().find(|area| area.eq_ignore_ascii_case(text.trim()));
            match known {
                Some(area) => accept_answer(ctx, with_area(form, area.clone())),
                None if areas.is_empty() || form.typing_area => handle_typed_area(ctx, form, text),
                None if is_label(text, texts::other_area) => {
                    ask_question(&mut ctx, ApplicationForm { typing_area: true, ..form.clone() })
                }
                None => {
                    let other = texts::other_area(ctx.lang);
                    Ok(BotResponse::text(texts::area_not_listed(ctx.lang, other)))
                }
            }
        }
        _ => Ok(BotResponse::text(texts::send_location_or_pick(ctx.lang))),
    }
}

fn handle_typed_area(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    text: &str,
) -> Result<BotResponse> {
    let mut check = Validator::default();
    let area = check.name("area", text, MAX_AREA_CHARS);
    match check.finish(area).ok().filter(|area| area.chars().any(char::is_alphabetic)) {
        Some(area) => accept_answer(ctx, with_area(form, area)),
        None => Ok(BotResponse::text(texts::type_area_example(ctx.lang))),
    }
}

fn with_area(form: &ApplicationForm, area: String) -> ApplicationForm {
    ApplicationForm { area: Some(area), place: None, ..form.clone() }
}

fn handle_photo(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    match (ctx.prefetched, input) {
        (Prefetched::ApplicantPhoto(photo), Input::Photo { file, .. }) => {
            let form = ApplicationForm { photo_album: file.album.clone(), ..form.clone() };
            store_photo(ctx, &form, photo.use_in_transaction().clone())
        }
        (Prefetched::UnusablePhoto(code, param), Input::Photo { .. }) => {
            Ok(BotResponse::text(photo_rejected(ctx.lang, *code, param.as_deref())))
        }
        _ => Ok(BotResponse::text(texts::send_photo(ctx.lang))),
    }
}

fn photo_rejected(lang: Lang, code: ErrorCode, param: Option<&str>) -> String {
    match (code, param) {
        (ErrorCode::PayloadTooLarge, Some(limit)) => report::photo_too_large(lang, limit),
        _ => texts::photo_rejected(lang, escape(&code.message(lang, param))),
    }
}

fn store_photo(
    ctx: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    photo: ApplicantPhoto,
) -> Result<BotResponse> {
    let replaced = form.photo.clone().map(|photo| photo.file_name);
    let form = ApplicationForm { photo: Some(photo), ..form.clone() };
    Ok(accept_answer(ctx, form)?.orphaning(replaced))
}
