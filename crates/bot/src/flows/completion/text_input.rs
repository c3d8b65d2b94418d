//! What is typed into a report.

use services::inventory::job_stock;
use services::{Actor, Conn, Result, jobs};
use shared::Lang;
use shared::text::{TextForm, normalize};

use crate::flows::completion::draft::{ReportDraft, ReportPart};
use crate::format;

/// Weakest and strongest redaman that a customer's ONT can report, in dBm.
const ATTENUATION_RANGE_DBM: std::ops::RangeInclusive<f64> = -40.0..=0.0;
/// Characters of a serial number.
const SERIAL_CHARS: std::ops::RangeInclusive<usize> = 6..=40;
/// Longest report, in characters; the rule stands in the request.
const MAX_REPORT_CHARS: usize = 4_000;

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
        ReportPart::Serial => match parse_serial(text) {
            Some(serial) => {
                let bag = job_stock::job_stock(conn, actor, draft.job)?;
                draft.set_serial(serial, &bag);
            }
            None => return Ok(Err(input_hint(&draft))),
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

/// A serial number in the spelling of the warehouse.
pub fn parse_serial(text: &str) -> Option<String> {
    let upper = text.trim().to_uppercase();
    let rest = ["S/N", "SN"].iter().find_map(|mark| {
        upper.strip_prefix(mark).and_then(|rest| rest.trim_start().strip_prefix([':', '.']))
    });
    let serial: String =
        rest.unwrap_or(&upper).chars().filter(|sign| !sign.is_whitespace()).collect();
    let plain = serial.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    let has_digit = serial.chars().any(|sign| sign.is_ascii_digit());
    (plain && has_digit && SERIAL_CHARS.contains(&serial.len())).then_some(serial)
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
    if ATTENUATION_RANGE_DBM.contains(&rounded) {
        Ok((rounded, value > 0.0))
    } else {
        Err(format!("{} dBm tidak mungkin: antara -40 dan 0.", format::decimal(value, 2)))
    }
}

#[cfg(test)]
mod tests {
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
            Err("-215 dBm tidak mungkin: antara -40 dan 0.".into())
        );
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
