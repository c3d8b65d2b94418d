//! Typed parts of a report.

use services::inventory::job_stock;
use services::{Actor, Conn, Result};
use shared::Lang;
use shared::text::{TextForm, normalize};

use super::callbacks::ReportPart;
use super::draft::{ReportDraft, next_part};
use crate::flows::item_selection::picker;
use crate::format;
use crate::texts::{self, report};

/// Weakest and strongest attenuation that the ONT of a customer can report, in dBm.
const ATTENUATION_RANGE_DBM: std::ops::RangeInclusive<f64> = -40.0..=0.0;
/// Characters of a serial number.
const SERIAL_CHARS: std::ops::RangeInclusive<usize> = 6..=40;
/// Longest report, in characters; the request of the transition has the same limit.
const MAX_REPORT_CHARS: usize = 4_000;

/// The changed report with a note for the technician, or a message that explains what is wanted.
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
        ReportPart::Serial => match parse_serial(text) {
            Some(serial) => {
                let bag = job_stock::job_stock(conn, actor, draft.job)?;
                draft.set_serial(serial, &bag);
            }
            None => return hint(&draft),
        },
        ReportPart::Attenuation => match parse_attenuation(lang, text) {
            Ok((dbm, sign_changed)) => {
                draft.attenuation = Some(dbm);
                let noted = report::attenuation_noted(lang, format::decimal(lang, dbm, 2));
                note = sign_changed.then_some(noted);
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
    let quantity = match picker::typed_quantity(lang, item, text) {
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
        ReportPart::Material if draft.item.is_some() => texts::items::type_quantity(lang),
        ReportPart::Material => report::hint_material(lang),
        ReportPart::Summary => report::hint_submit(lang),
    }
}

/// Reads a serial number in the spelling of the warehouse: capital letters and digits.
fn parse_serial(text: &str) -> Option<String> {
    let upper = text.trim().to_uppercase();
    let rest = ["S/N", "SN"].iter().find_map(|prefix| {
        upper.strip_prefix(prefix).and_then(|rest| rest.trim_start().strip_prefix([':', '.']))
    });
    let serial: String =
        rest.unwrap_or(&upper).chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = serial.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let has_digit = serial.chars().any(|letter| letter.is_ascii_digit());
    (plain && has_digit && SERIAL_CHARS.contains(&serial.len())).then_some(serial)
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
    if ATTENUATION_RANGE_DBM.contains(&rounded) {
        return Ok((rounded, value > 0.0));
    }
    let number = |value| format::decimal(lang, value, 2);
    let (min, max) = (*ATTENUATION_RANGE_DBM.start(), *ATTENUATION_RANGE_DBM.end());
    Err(report::attenuation_impossible(lang, number(value), number(min), number(max)))
}

#[cfg(test)]
mod tests {
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
        let impossible = "-215 dBm tidak mungkin: antara -40 dan 0.";
        assert_eq!(parse_attenuation(Lang::Id, "-215"), Err(impossible.into()));
    }

    #[test]
    fn a_serial_number_is_letters_and_digits() {
        assert_eq!(parse_serial("zteg c8a1 b2c3").as_deref(), Some("ZTEGC8A1B2C3"));
        assert_eq!(parse_serial("SN: HWTC12345678").as_deref(), Some("HWTC12345678"));
        assert_eq!(parse_serial("S/N:485754431A2B3C4D").as_deref(), Some("485754431A2B3C4D"));
        assert_eq!(parse_serial("SN12345678").as_deref(), Some("SN12345678"));
        for text in ["", "12345", "tidak ada", "modem!", "ABCDEFGH", &"9".repeat(41)] {
            assert_eq!(parse_serial(text), None, "{text}");
        }
    }
}
