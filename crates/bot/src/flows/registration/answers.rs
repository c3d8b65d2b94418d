//! The answers. A wrong one gets one line, and the question stays.

use notify::telegram::Keyboard;
use services::Result;
use services::technician_registrations::{self, ApplicantPhoto};
use shared::error::ErrorCode;
use shared::technician_registration::parse_applicant_name;
use shared::validate::Validator;
use shared::{Lang, PhoneNumber};

use super::form::{ApplicationForm, FormStep};
use super::questions::{self, BACK, OTHER, ask_question};
use crate::context::{Prefetched, UpdateContext};
use crate::html::escape;
use crate::response::BotResponse;
use crate::update::Input;

/// Longest name of an area, in characters.
const MAX_AREA_CHARS: usize = 100;

/// Takes an answer in.
///
/// # Errors
/// The database fails.
pub fn handle_answer(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    if matches!(input, Input::Text(text) if text == BACK) {
        return previous_question(here, form);
    }
    match form.step {
        FormStep::Name => handle_name(here, form, input),
        FormStep::Phone => handle_phone(here, form, input),
        FormStep::Area => handle_area(here, form, input),
        FormStep::Photo => handle_photo(here, form, input),
        FormStep::Skills => Ok(BotResponse::text("Tekan tombol keahlian di atas, lalu Lanjut.")),
        FormStep::Summary => Ok(BotResponse::text("Tekan Kirim kalau sudah benar, atau Perbaiki.")),
    }
}

/// One question back.
///
/// # Errors
/// The database fails.
pub fn previous_question(
    mut here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
) -> Result<BotResponse> {
    let mut form = form.clone();
    let from = form.step;
    form.go_back();
    let asked = ask_question(&mut here, form.clone())?;
    Ok(match uses_chat_keyboard(from) && !uses_chat_keyboard(form.step) {
        true => without_keyboard("Baik.").then(asked),
        false => asked,
    })
}

/// Whether a question is answered with the buttons in place of the keyboard.
const fn uses_chat_keyboard(step: FormStep) -> bool {
    matches!(step, FormStep::Name | FormStep::Phone | FormStep::Area)
}

fn without_keyboard(text: impl Into<String>) -> BotResponse {
    BotResponse::with_keyboard(text, Keyboard::Remove)
}

/// The answer was taken: says so where buttons have to go away, and asks the next question.
fn accept_answer(
    mut here: UpdateContext<'_, '_>,
    mut form: ApplicationForm,
) -> Result<BotResponse> {
    let from = form.step;
    form.advance();
    let receipt = format!("👍 {}", questions::answer_line(&form, from));
    let keyboard_goes = uses_chat_keyboard(from) && !uses_chat_keyboard(form.step);
    let asked = ask_question(&mut here, form)?;
    Ok(if keyboard_goes { without_keyboard(receipt).then(asked) } else { asked })
}

fn handle_name(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    let Input::Text(text) = input else {
        return Ok(BotResponse::text("Ketik nama lengkap Anda, misalnya Budi Santoso."));
    };
    match parse_applicant_name(text) {
        Ok(name) => accept_answer(here, ApplicationForm { name: Some(name), ..form.clone() }),
        Err(ErrorCode::TooLong) => {
            Ok(BotResponse::text("Nama itu terlalu panjang, paling banyak 100 huruf."))
        }
        Err(_) => Ok(BotResponse::text(
            "Ketik nama lengkap dengan huruf saja, tanpa angka. Misalnya Budi Santoso.",
        )),
    }
}

fn handle_phone(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    let number = match input {
        Input::Contact { phone, own: true } => phone,
        Input::Contact { own: false, .. } => {
            return Ok(BotResponse::text(format!(
                "Itu nomor orang lain. Tekan tombol {} di bawah.",
                questions::SHARE_PHONE
            )));
        }
        _ => {
            return Ok(BotResponse::text(format!(
                "Nomor tidak perlu diketik. Tekan tombol {} di bawah, supaya pasti nomor Anda sendiri.",
                questions::SHARE_PHONE
            )));
        }
    };
    // Telegram writes numbers with their country code, with or without the plus sign.
    let Ok(number) = PhoneNumber::parse(&format!("+{}", number.trim_start_matches('+'))) else {
        return Ok(BotResponse::text(
            "Nomor itu tidak bisa dipakai. Hubungi kantor untuk mendaftar.",
        ));
    };
    if technician_registrations::check_phone(here.tx.conn(), &number).is_err() {
        return Ok(BotResponse::text(KNOWN_PHONE));
    }
    accept_answer(here, ApplicationForm { phone: Some(number.to_string()), ..form.clone() })
}

/// A number that is known proves no login.
pub const KNOWN_PHONE: &str = "Nomor ini sudah terdaftar sebagai teknisi. Kalau itu Anda: masuk di \
    browser, buka Profil → Telegram, lalu hubungkan HP ini dari sana. Lupa kata sandi? Hubungi kantor.";

fn handle_area(
    mut here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    match input {
        Input::Location { location: place, .. } => {
            let point = (place.latitude(), place.longitude());
            accept_answer(here, ApplicationForm { place: Some(point), area: None, ..form.clone() })
        }
        Input::Text(text) => {
            let areas = questions::service_areas(&mut here)?;
            let known = areas.iter().find(|area| area.eq_ignore_ascii_case(text.trim()));
            if let Some(area) = known {
                return accept_answer(here, with_area(form, area.clone()));
            }
            if !areas.is_empty() && !form.typing_area {
                if text == OTHER {
                    return ask_question(
                        &mut here,
                        ApplicationForm { typing_area: true, ..form.clone() },
                    );
                }
                return Ok(BotResponse::text(format!(
                    "Area itu tidak ada di daftar. Pilih dari daftar, atau tekan {OTHER} untuk mengetik."
                )));
            }
            let mut check = Validator::default();
            let area = check.name("area", text, MAX_AREA_CHARS);
            match check.finish(area).ok().filter(|area| area.chars().any(char::is_alphabetic)) {
                Some(area) => accept_answer(here, with_area(form, area)),
                None => Ok(BotResponse::text(
                    "Ketik nama kecamatan dan kotanya, misalnya Depok, Sleman.",
                )),
            }
        }
        _ => Ok(BotResponse::text("Kirim lokasi dengan tombol di bawah, atau pilih area.")),
    }
}

fn with_area(form: &ApplicationForm, area: String) -> ApplicationForm {
    ApplicationForm { area: Some(area), place: None, ..form.clone() }
}

fn handle_photo(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    input: &Input,
) -> Result<BotResponse> {
    match (here.prefetched, input) {
        (Prefetched::ApplicantPhoto(photo), _) => {
            store_photo(here, form, photo.use_in_transaction().clone())
        }
        (Prefetched::UnusablePhoto(code, param), _) => {
            let why = code.message(Lang::Id, param.as_deref());
            Ok(BotResponse::text(format!("{} Kirim foto lain, atau tekan Lewati.", escape(&why))))
        }
        _ => Ok(BotResponse::text("Kirim foto KTP sebagai gambar, atau tekan Lewati.")),
    }
}

fn store_photo(
    here: UpdateContext<'_, '_>,
    form: &ApplicationForm,
    photo: ApplicantPhoto,
) -> Result<BotResponse> {
    let replaced = form.photo.clone();
    let answer = accept_answer(here, ApplicationForm { photo: Some(photo), ..form.clone() })?;
    Ok(answer.orphaning(replaced.map(|photo| photo.file_name)))
}
