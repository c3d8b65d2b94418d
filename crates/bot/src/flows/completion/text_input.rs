//! What is typed into a report.

use services::inventory::job_stock;
use services::{Actor, Conn, Result, jobs};
use shared::Lang;
use shared::job::{ATTENUATION_RANGE_DBM, MAX_REPORT_CHARS, check_attenuation, parse_ont_serial};
use shared::text::{TextForm, normalize};

use crate::flows::completion::draft::{ReportDraft, ReportPart};
use crate::format;

/// The report with what was typed and a note to go with it, or a line that says what is wanted.
pub type InputResult = std::result::Result<(ReportDraft, Option<String>), String>;

/// Takes what was typed as the part that was asked for.
///
/// # Errors
/// The database fails.
pub fn apply_text(
    conn: &mut Conn,
    actor: &Actor,
    draft: &ReportDraft,
    text: &str,
) -> Result<InputResult> {
    let (mut draft, text) = (draft.clone(), text.trim());
    let mut note = None;
    match draft.part {
        ReportPart::Report if text.is_empty() => return Ok(Err(input_hint(&draft))),
        ReportPart::Report if text.chars().count() > MAX_REPORT_CHARS => {
            return Ok(Err(format!("Terlalu panjang: paling banyak {MAX_REPORT_CHARS} huruf.")));
        }
        ReportPart::Report => match normalize(text, TextForm::Prose) {
            Ok(report) => draft.report = Some(report),
            Err(code) => return Ok(Err(code.message(Lang::Id, None))),
        },
        ReportPart::Serial => match parse_ont_serial(text) {
            Ok(serial) => {
                let bag = job_stock::job_stock(conn, actor, draft.job)?;
                draft.set_serial(serial, &bag);
            }
            Err(_) => return Ok(Err(input_hint(&draft))),
        },
        ReportPart::Attenuation => match parse_attenuation(text) {
            Ok((dbm, turned)) => {
                draft.attenuation = Some(dbm);
                note = turned.then(|| format!("Dicatat sebagai {} dBm.", format::decimal(dbm, 2)));
            }
            Err(line) => return Ok(Err(line)),
        },
        ReportPart::Material => {
            let bag = job_stock::job_stock(conn, actor, draft.job)?;
            let mut items = bag.iter().map(|item| &item.stock);
            let item = items.find(|item| Some(item.item_id) == draft.item && !item.serialized);
            let quantity = text.split_whitespace().next().and_then(|word| word.parse().ok());
            let (Some(item), Some(quantity)) = (item, quantity) else {
                return Ok(Err(input_hint(&draft)));
            };
            if !(0..=item.quantity).contains(&quantity) {
                let most = format::quantity(item.quantity, item.unit);
                return Ok(Err(format!("Di tas hanya ada {most}. Ketik 0 sampai segitu.")));
            }
            draft.used.set_quantity(item, quantity);
            draft.item = None;
            return Ok(Ok((draft, None)));
        }
        ReportPart::Photos | ReportPart::Summary => return Ok(Err(input_hint(&draft))),
    }
    draft.part = draft.next_part(&jobs::completion_requirements(conn, actor, draft.job)?);
    Ok(Ok((draft, note)))
}

/// What is wanted now, in a line.
pub fn input_hint(draft: &ReportDraft) -> String {
    match draft.part {
        ReportPart::Report => "Ketik laporannya dulu: apa yang dikerjakan.",
        ReportPart::Photos => "Kirim fotonya: dari kamera atau galeri, boleh beberapa sekaligus.",
        ReportPart::Serial => {
            "Nomor seri itu huruf dan angka, misalnya ZTEGC8A1B2C3. Ketik, atau foto barcode-nya."
        }
        ReportPart::Attenuation => "Ketik redamannya dalam dBm, misalnya -21,5.",
        ReportPart::Material if draft.item.is_some() => {
            "Ketik jumlahnya dengan angka, misalnya 35."
        }
        ReportPart::Material => "Atur material dengan tombol − dan +, lalu tekan Material sesuai.",
        ReportPart::Summary => "Semua sudah ada. Tekan Kirim & selesai.",
    }
    .to_owned()
}

/// Redaman in dBm and whether the sign had to be turned; else a line that says what is wanted.
fn parse_attenuation(text: &str) -> std::result::Result<(f64, bool), String> {
    let clean = text.to_lowercase().replace("dbm", "").replace(['−', '–'], "-").replace(',', ".");
    let clean: String = clean.chars().filter(|sign| !sign.is_whitespace()).collect();
    let wanted = || "Ketik redamannya dalam dBm, misalnya -21,5.".to_owned();
    let value: f64 = clean.parse().map_err(|_| wanted())?;
    if !value.is_finite() {
        return Err(wanted());
    }
    let rounded = (-value.abs() * 100.0).round() / 100.0;
    let (lowest, highest) = (ATTENUATION_RANGE_DBM.start(), ATTENUATION_RANGE_DBM.end());
    match check_attenuation(rounded) {
        Ok(dbm) => Ok((dbm, value > 0.0)),
        Err(_) => {
            let value = format::decimal(value, 2);
            Err(format!("{value} dBm tidak mungkin: antara {lowest} dan {highest}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::job::TransitionRequest;
    use shared::job_state_machine::JobAction;

    use super::*;

    #[test]
    fn attenuation_is_parsed_in_every_usual_spelling() {
        for text in ["-21,5", "-21.5", "-21.5 dBm", " − 21,5dBm", "–21,50 DBM"] {
            assert_eq!(parse_attenuation(text), Ok((-21.5, false)), "{text}");
        }
        assert_eq!(parse_attenuation("21,5"), Ok((-21.5, true)));
        assert_eq!(parse_attenuation("-19,456"), Ok((-19.46, false)));
    }

    #[test]
    fn an_impossible_attenuation_is_rejected_with_a_message() {
        for text in ["", "bagus", "-21,5,3", "NaN", "inf"] {
            assert_eq!(
                parse_attenuation(text),
                Err("Ketik redamannya dalam dBm, misalnya -21,5.".into()),
                "{text}"
            );
        }
        assert_eq!(
            parse_attenuation("-215"),
            Err("-215 dBm tidak mungkin: antara -50 dan 0.".into())
        );
    }

    #[test]
    fn the_bot_accepts_the_attenuations_that_the_api_accepts() {
        for tenth in -600..=0 {
            let dbm = f64::from(tenth) / 10.0;
            let request = TransitionRequest {
                attenuation_dbm: Some(dbm),
                ..TransitionRequest::for_action(JobAction::Complete)
            };
            let typed = parse_attenuation(&dbm.to_string()).ok().map(|(dbm, _)| dbm);
            assert_eq!(
                typed,
                request.parse().ok().and_then(|input| input.attenuation_dbm),
                "{dbm}"
            );
        }
    }

    #[test]
    fn a_missing_minus_sign_is_added_by_the_bot_and_rejected_by_the_api() {
        assert_eq!(parse_attenuation("21,5"), Ok((-21.5, true)));
        let request = TransitionRequest {
            attenuation_dbm: Some(21.5),
            ..TransitionRequest::for_action(JobAction::Complete)
        };
        assert!(request.parse().is_err());
    }
}
