//! Typed parts of a report.

use services::inventory::job_stock;
use services::{Actor, Conn, Result};
use shared::Lang;
use shared::job::{ATTENUATION_RANGE_DBM, MAX_REPORT_CHARS, check_attenuation};
use shared::parse_serial_number;
use shared::text::{TextForm, normalize};

use super::draft::{ReportDraft, next_part};
use crate::callback_data::completion::ReportPart;
use crate::format;
use crate::pickers::item_picker;
use crate::texts::{self, report};

/// The report with what was typed and a note to go with it, or a line that says what is wanted.
pub type InputResult = std::result::Result<(ReportDraft, Option<String>), String>;

/// Takes a typed text as the part that is asked for.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub fn apply_text(
    conn: &mut Conn,
    lang: Lang,
    actor: &Actor,
    draft: &ReportDraft,
    text: &str,
) -> Result<InputResult> {
    let (mut draft, text) = (draft.clone(), text.trim());
    let hint = |draft: &ReportDraft| Ok(Err(input_hint(lang, draft).to_owned()));
    let mut note = None;
    match draft.part {
        ReportPart::Report if text.is_empty() => return hint(&draft),
        ReportPart::Report if text.chars().count() > MAX_REPORT_CHARS => {
            return Ok(Err(texts::common::too_long(lang, MAX_REPORT_CHARS)));
        }
        ReportPart::Report => match normalize(text, TextForm::Prose) {
            Ok(report) => draft.report = Some(report),
            Err(code) => return Ok(Err(code.message(lang, None))),
        },
        ReportPart::Serial => match parse_serial_number(text) {
            Ok(serial) => {
                let bag = job_stock::job_stock(conn, actor, draft.job)?;
                draft.set_serial(serial, &bag);
            }
            Err(_) => return hint(&draft),
        },
        ReportPart::Returned => match parse_serial_number(text) {
            Ok(serial) if draft.serial.as_ref() == Some(&serial) => {
                return Ok(Err(report::same_device(lang).to_owned()));
            }
            Ok(serial) => {
                draft.set_returned(serial);
                // Its condition is asked for next.
                return Ok(Ok((draft, None)));
            }
            Err(_) => return hint(&draft),
        },
        ReportPart::Attenuation => match parse_attenuation(lang, text) {
            Ok((dbm, sign_changed)) => {
                draft.attenuation = Some(dbm);
                let recorded = report::attenuation_recorded(lang, format::decimal(lang, dbm, 2));
                note = sign_changed.then_some(recorded);
            }
            Err(message) => return Ok(Err(message)),
        },
        ReportPart::Material => return apply_quantity(conn, lang, actor, draft, text),
        ReportPart::Photos | ReportPart::Summary => return hint(&draft),
    }
    draft.part = next_part(conn, actor, &draft)?;
    Ok(Ok((draft, note)))
}

/// Takes a typed quantity of the item in detail.
fn apply_quantity(
    conn: &mut Conn,
    lang: Lang,
    actor: &Actor,
    mut draft: ReportDraft,
    text: &str,
) -> Result<InputResult> {
    let bag = job_stock::job_stock(conn, actor, draft.job)?;
    let mut items = bag.iter().map(|item| &item.stock);
    let item = items.find(|item| Some(item.item_id) == draft.item && !item.serialized);
    let Some(item) = item else { return Ok(Err(input_hint(lang, &draft).to_owned())) };
    let quantity = match item_picker::typed_quantity(lang, item, text) {
        Ok(quantity) => quantity,
        Err(message) => return Ok(Err(message)),
    };
    draft.used.set_quantity(item, quantity);
    draft.item = None;
    Ok(Ok((draft, None)))
}

/// What the report waits for, in one line.
pub const fn input_hint(lang: Lang, draft: &ReportDraft) -> &'static str {
    match draft.part {
        ReportPart::Report => report::hint_report(lang),
        ReportPart::Photos => report::hint_photos(lang),
        ReportPart::Serial => report::hint_serial(lang),
        ReportPart::Attenuation => report::hint_attenuation(lang),
        ReportPart::Returned => report::hint_returned(lang),
        ReportPart::Material if draft.item.is_some() => texts::items::type_quantity(lang),
        ReportPart::Material => report::hint_material(lang),
        ReportPart::Summary => report::hint_submit(lang),
    }
}

/// Reads an attenuation in dBm. A positive number becomes negative; the flag tells that it did.
///
/// # Errors
/// A message that explains what is wanted.
fn parse_attenuation(lang: Lang, text: &str) -> std::result::Result<(f64, bool), String> {
    let clean = text.to_lowercase().replace("dbm", "").replace(['−', '–'], "-").replace(',', ".");
    let clean: String = clean.chars().filter(|letter| !letter.is_whitespace()).collect();
    let value = clean.parse().ok().filter(|value: &f64| value.is_finite());
    let Some(value) = value else { return Err(report::hint_attenuation(lang).to_owned()) };
    let rounded = (-value.abs() * 100.0).round() / 100.0;
    if let Ok(dbm) = check_attenuation(rounded) {
        return Ok((dbm, value > 0.0));
    }
    let number = |value| format::decimal(lang, value, 2);
    let (min, max) = (*ATTENUATION_RANGE_DBM.start(), *ATTENUATION_RANGE_DBM.end());
    Err(report::attenuation_impossible(lang, number(value), number(min), number(max)))
}

#[cfg(test)]
mod tests {
    use shared::job::TransitionRequest;
    use shared::job_state_machine::JobAction;

    use super::*;

    #[test]
    fn attenuation_is_parsed_in_every_usual_spelling() {
        for text in ["-21,5", "-21.5", "-21.5 dBm", " − 21,5dBm", "–21,50 DBM"] {
            assert_eq!(parse_attenuation(Lang::Id, text), Ok((-21.5, false)), "{text}");
        }
        assert_eq!(parse_attenuation(Lang::Id, "21,5"), Ok((-21.5, true)));
        assert_eq!(parse_attenuation(Lang::Id, "-19,456"), Ok((-19.46, false)));
    }

    #[test]
    fn an_impossible_attenuation_is_rejected_with_a_message() {
        for text in ["", "bagus", "-21,5,3", "NaN", "inf"] {
            let hint = "Ketik redamannya dalam dBm, misalnya -21,5.";
            assert_eq!(parse_attenuation(Lang::Id, text), Err(hint.into()), "{text}");
        }
        let impossible = "-215 dBm tidak mungkin: antara -50 dan 0.";
        assert_eq!(parse_attenuation(Lang::Id, "-215"), Err(impossible.into()));
    }

    #[test]
    fn the_bot_accepts_the_attenuations_that_the_api_accepts() {
        for tenth in -600..=0 {
            let dbm = f64::from(tenth) / 10.0;
            let request = TransitionRequest {
                attenuation_dbm: Some(dbm),
                ..TransitionRequest::for_action(JobAction::Complete)
            };
            let typed = parse_attenuation(Lang::Id, &dbm.to_string()).ok().map(|(dbm, _)| dbm);
            assert_eq!(
                typed,
                request.parse().ok().and_then(|input| input.attenuation_dbm),
                "{dbm}"
            );
        }
    }

    #[test]
    fn a_missing_minus_sign_is_added_by_the_bot_and_rejected_by_the_api() {
        assert_eq!(parse_attenuation(Lang::Id, "21,5"), Ok((-21.5, true)));
        let request = TransitionRequest {
            attenuation_dbm: Some(21.5),
            ..TransitionRequest::for_action(JobAction::Complete)
        };
        assert!(request.parse().is_err());
    }
}
