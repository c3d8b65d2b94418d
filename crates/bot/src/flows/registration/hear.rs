//! The answers. A wrong one gets one line, and the question stays.

use notify::telegram::Keyboard;
use services::Result;
use services::registrations::{self, ApplicantPhoto};
use shared::error::ErrorCode;
use shared::registration::parse_name;
use shared::validate::Checker;
use shared::{Lang, PhoneNumber};

use super::ask::{self, BACK, OTHER, ask};
use super::form::{Form, Step};
use crate::answer::Answer;
use crate::here::{Here, Prepared};
use crate::html::escape;
use crate::update::Input;

/// Longest name of an area, in characters.
const AREA_LENGTH: usize = 100;

/// Takes an answer in.
///
/// # Errors
/// The database fails.
pub fn hear(here: Here<'_, '_>, form: &Form, input: &Input) -> Result<Answer> {
    if matches!(input, Input::Text(text) if text == BACK) {
        return back(here, form);
    }
    match form.step {
        Step::Name => name(here, form, input),
        Step::Phone => phone(here, form, input),
        Step::Area => area(here, form, input),
        Step::Photo => photo(here, form, input),
        Step::Skills => Ok(Answer::text("Tekan tombol keahlian di atas, lalu Lanjut.")),
        Step::Summary => Ok(Answer::text("Tekan Kirim kalau sudah benar, atau Perbaiki.")),
    }
}

/// One question back.
///
/// # Errors
/// The database fails.
pub fn back(mut here: Here<'_, '_>, form: &Form) -> Result<Answer> {
    let mut form = form.clone();
    let from = form.step;
    form.go_back();
    let asked = ask(&mut here, form.clone())?;
    Ok(match types(from) && !types(form.step) {
        true => without_keyboard("Baik.").and(asked),
        false => asked,
    })
}

/// Whether a question is answered with the buttons in place of the keyboard.
const fn types(step: Step) -> bool {
    matches!(step, Step::Name | Step::Phone | Step::Area)
}

fn without_keyboard(text: impl Into<String>) -> Answer {
    Answer::with(text, Keyboard::Remove)
}

/// The answer was taken: says so where buttons have to go away, and asks the next question.
fn taken(mut here: Here<'_, '_>, mut form: Form) -> Result<Answer> {
    let from = form.step;
    form.advance();
    let receipt = format!("👍 {}", ask::receipt(&form, from));
    let keyboard_goes = types(from) && !types(form.step);
    let asked = ask(&mut here, form)?;
    Ok(if keyboard_goes { without_keyboard(receipt).and(asked) } else { asked })
}

fn name(here: Here<'_, '_>, form: &Form, input: &Input) -> Result<Answer> {
    let Input::Text(text) = input else {
        return Ok(Answer::text("Ketik nama lengkap Anda, misalnya Budi Santoso."));
    };
    match parse_name(text) {
        Ok(name) => taken(here, Form { name: Some(name), ..form.clone() }),
        Err(ErrorCode::TooLong) => {
            Ok(Answer::text("Nama itu terlalu panjang, paling banyak 100 huruf."))
        }
        Err(_) => Ok(Answer::text(
            "Ketik nama lengkap dengan huruf saja, tanpa angka. Misalnya Budi Santoso.",
        )),
    }
}

fn phone(here: Here<'_, '_>, form: &Form, input: &Input) -> Result<Answer> {
    let number = match input {
        Input::Contact { phone, own: true } => phone,
        Input::Contact { own: false, .. } => {
            return Ok(Answer::text(format!(
                "Itu nomor orang lain. Tekan tombol {} di bawah.",
                ask::SHARE_PHONE
            )));
        }
        _ => {
            return Ok(Answer::text(format!(
                "Nomor tidak perlu diketik. Tekan tombol {} di bawah, supaya pasti nomor Anda sendiri.",
                ask::SHARE_PHONE
            )));
        }
    };
    // Telegram writes numbers with their country code, with or without the plus sign.
    let Ok(number) = PhoneNumber::parse(&format!("+{}", number.trim_start_matches('+'))) else {
        return Ok(Answer::text("Nomor itu tidak bisa dipakai. Hubungi kantor untuk mendaftar."));
    };
    if registrations::check_phone(here.tx.conn(), &number).is_err() {
        return Ok(Answer::text(KNOWN_PHONE));
    }
    taken(here, Form { phone: Some(number.to_string()), ..form.clone() })
}

/// A number that is known proves no login.
pub const KNOWN_PHONE: &str = "Nomor ini sudah terdaftar sebagai teknisi. Kalau itu Anda: masuk di \
    browser, buka Profil → Telegram, lalu hubungkan HP ini dari sana. Lupa kata sandi? Hubungi kantor.";

fn area(mut here: Here<'_, '_>, form: &Form, input: &Input) -> Result<Answer> {
    match input {
        Input::Place { place, .. } => {
            let point = (place.latitude(), place.longitude());
            taken(here, Form { place: Some(point), area: None, ..form.clone() })
        }
        Input::Text(text) => {
            let areas = ask::areas(&mut here)?;
            let known = areas.iter().find(|area| area.eq_ignore_ascii_case(text.trim()));
            if let Some(area) = known {
                return taken(here, named(form, area.clone()));
            }
            if !areas.is_empty() && !form.typing_area {
                if text == OTHER {
                    return ask(&mut here, Form { typing_area: true, ..form.clone() });
                }
                return Ok(Answer::text(format!(
                    "Area itu tidak ada di daftar. Pilih dari daftar, atau tekan {OTHER} untuk mengetik."
                )));
            }
            let mut check = Checker::default();
            let area = check.name("area", text, AREA_LENGTH);
            match check.finish(area).ok().filter(|area| area.chars().any(char::is_alphabetic)) {
                Some(area) => taken(here, named(form, area)),
                None => {
                    Ok(Answer::text("Ketik nama kecamatan dan kotanya, misalnya Depok, Sleman."))
                }
            }
        }
        _ => Ok(Answer::text("Kirim lokasi dengan tombol di bawah, atau pilih area.")),
    }
}

fn named(form: &Form, area: String) -> Form {
    Form { area: Some(area), place: None, ..form.clone() }
}

fn photo(here: Here<'_, '_>, form: &Form, input: &Input) -> Result<Answer> {
    match (here.prepared, input) {
        (Prepared::ApplicantPhoto(photo), _) => keep(here, form, photo.clone()),
        (Prepared::Unusable(code, param), _) => {
            let why = code.message(Lang::Id, param.as_deref());
            Ok(Answer::text(format!("{} Kirim foto lain, atau tekan Lewati.", escape(&why))))
        }
        _ => Ok(Answer::text("Kirim foto KTP sebagai gambar, atau tekan Lewati.")),
    }
}

fn keep(here: Here<'_, '_>, form: &Form, photo: ApplicantPhoto) -> Result<Answer> {
    let replaced = form.photo.clone();
    let answer = taken(here, Form { photo: Some(photo), ..form.clone() })?;
    Ok(answer.leaving(replaced.map(|photo| photo.file_name)))
}
