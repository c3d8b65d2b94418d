//! The questions.

use notify::telegram::{ChatButton, Keyboard};
use services::{Result, settings};
use shared::technician::SkillKind;
use shared::technician_registration::parse_applicant_name;

use super::form::{ApplicationForm, FormStep};
use super::{RegistrationCallback, RegistrationDialogue};
use crate::callback_data::CallbackData;
use crate::context::UpdateContext;
use crate::dialogue::Dialogue;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::view_context::ViewContext;
use crate::views::MessageView;

pub const BACK: &str = "« Kembali";
pub const OTHER: &str = "Lainnya";
pub const SHARE_PHONE: &str = "📱 Bagikan nomor saya";
pub const SHARE_LOCATION: &str = "📍 Kirim lokasi saya";

/// The areas that the organisation names.
///
/// # Errors
/// The database fails.
pub fn service_areas(here: &mut UpdateContext<'_, '_>) -> Result<Vec<String>> {
    Ok(settings::load(here.tx.conn())?.service_areas)
}

/// Asks the question at which the form stands, and waits there.
///
/// # Errors
/// The database fails.
pub fn ask_question(
    here: &mut UpdateContext<'_, '_>,
    form: ApplicationForm,
) -> Result<BotResponse> {
    let answer = match form.step {
        FormStep::Name => BotResponse::with_keyboard(
            question_text(&form, "Nama", NAME),
            name_keyboard(here, &form),
        ),
        FormStep::Phone => {
            BotResponse::with_keyboard(question_text(&form, "Nomor HP", PHONE), phone_keyboard())
        }
        FormStep::Area if form.typing_area => {
            BotResponse::with_keyboard("Ketik nama kecamatan dan kotanya.", back_keyboard())
        }
        FormStep::Area => {
            let areas = service_areas(here)?;
            let question = if areas.is_empty() { AREA_TYPED } else { AREA };
            BotResponse::with_keyboard(
                question_text(&form, "Area", question),
                area_keyboard(&areas),
            )
        }
        FormStep::Skills => BotResponse::view(skills_view(here.view_ctx(), &form)),
        FormStep::Photo => BotResponse::view(photo_view(here.view_ctx(), &form)),
        FormStep::Summary => BotResponse::view(summary_view(here.view_ctx(), &form)),
    };
    Ok(answer.with_dialogue(Dialogue::Registration(RegistrationDialogue::Applying(form))))
}

const NAME: &str = "Ketik nama lengkap Anda seperti di KTP.";
const PHONE: &str = "Tekan tombol di bawah untuk membagikan nomor HP Telegram Anda.";
const AREA: &str = "Di mana Anda biasa bekerja? Kirim lokasi, atau pilih dari daftar.";
const AREA_TYPED: &str =
    "Di mana Anda biasa bekerja? Kirim lokasi, atau ketik nama kecamatan dan kotanya.";
const SKILLS: &str = "Tandai semua yang Anda kuasai, lalu tekan Lanjut.";
const PHOTO: &str = "Kirim satu foto KTP. Foto disimpan terenkripsi dan hanya bisa dilihat admin.";

fn question_text(form: &ApplicationForm, title: &str, question: &str) -> String {
    let place = FormStep::QUESTIONS.iter().position(|step| *step == form.step);
    let title = match place {
        Some(place) if !form.correcting => {
            bold(&format!("{}/{} {title}", place + 1, FormStep::QUESTIONS.len()))
        }
        _ => bold(title),
    };
    format!("{title}\n{question}")
}

/// The name that Telegram knows may be the right one.
fn name_keyboard(here: &UpdateContext<'_, '_>, form: &ApplicationForm) -> Keyboard {
    let mut rows: Vec<Vec<ChatButton>> = Vec::new();
    let known = form.name.clone().or_else(|| parse_applicant_name(&here.sender.name).ok());
    rows.extend(known.map(|name| vec![ChatButton::Text(name)]));
    if form.correcting {
        rows.push(vec![ChatButton::Text(BACK.into())]);
    }
    if rows.is_empty() { Keyboard::Remove } else { Keyboard::Chat(rows) }
}

fn phone_keyboard() -> Keyboard {
    Keyboard::Chat(vec![
        vec![ChatButton::Contact(SHARE_PHONE.into())],
        vec![ChatButton::Text(BACK.into())],
    ])
}

fn back_keyboard() -> Keyboard {
    Keyboard::Chat(vec![vec![ChatButton::Text(BACK.into())]])
}

fn area_keyboard(areas: &[String]) -> Keyboard {
    let mut rows = vec![vec![ChatButton::Place(SHARE_LOCATION.into())]];
    let named: Vec<ChatButton> = areas.iter().cloned().map(ChatButton::Text).collect();
    rows.extend(named.chunks(2).map(<[_]>::to_vec));
    let mut last = Vec::new();
    if !areas.is_empty() {
        last.push(ChatButton::Text(OTHER.into()));
    }
    last.push(ChatButton::Text(BACK.into()));
    rows.push(last);
    Keyboard::Chat(rows)
}

fn callback(press: RegistrationCallback) -> CallbackData {
    CallbackData::Registration(press)
}

/// The skills with their ticks.
pub fn skills_view(screen: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let mut buttons: Vec<_> = SkillKind::ALL
        .iter()
        .map(|skill| {
            let mark = if form.skills.contains(skill) { "☑️" } else { "⬜" };
            let label = format!("{mark} {}", format::skill(*skill));
            vec![screen.button(label, &callback(RegistrationCallback::Skill(*skill)))]
        })
        .collect();
    buttons.push(vec![
        screen.button(BACK, &callback(RegistrationCallback::Back(FormStep::Skills))),
        screen.button("Lanjut »", &callback(RegistrationCallback::Next(FormStep::Skills))),
    ]);
    MessageView { text: question_text(form, "Keahlian", SKILLS), buttons }
}

fn photo_view(screen: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let (question, skip) = match form.photo {
        Some(_) => {
            (format!("{PHOTO}\nSatu foto sudah ada; kirim lagi untuk menggantinya."), "Lanjut »")
        }
        None => (PHOTO.to_owned(), "Lewati »"),
    };
    let buttons = vec![vec![
        screen.button(BACK, &callback(RegistrationCallback::Back(FormStep::Photo))),
        screen.button(skip, &callback(RegistrationCallback::Next(FormStep::Photo))),
    ]];
    MessageView { text: question_text(form, "Foto KTP (boleh dilewati)", &question), buttons }
}

fn summary_view(screen: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let text = format!("{}\n{}\n\nSudah benar?", bold("Periksa dulu"), form_summary(form));
    let buttons = vec![
        vec![
            screen.button("✅ Kirim", &callback(RegistrationCallback::Submit)),
            screen.button("✏️ Perbaiki", &callback(RegistrationCallback::Correct)),
        ],
        vec![screen.button(BACK, &callback(RegistrationCallback::Back(FormStep::Summary)))],
    ];
    MessageView { text, buttons }
}

/// Which answer is to be corrected?
pub fn corrections_view(screen: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let text = format!("{}\n\n{}", form_summary(form), bold("Mana yang diperbaiki?"));
    let field = |step: FormStep| {
        screen.button(step_title(step), &callback(RegistrationCallback::CorrectField(step)))
    };
    let fields: Vec<_> = FormStep::QUESTIONS.into_iter().map(field).collect();
    let mut buttons: Vec<_> = fields.chunks(2).map(<[_]>::to_vec).collect();
    buttons.push(vec![screen.button(BACK, &callback(RegistrationCallback::Keep))]);
    MessageView { text, buttons }
}

/// Back from the corrections to the summary, in the same message.
pub fn summary_again(screen: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    summary_view(screen, form)
}

const fn step_title(step: FormStep) -> &'static str {
    match step {
        FormStep::Name => "Nama",
        FormStep::Phone => "Nomor HP",
        FormStep::Area => "Area",
        FormStep::Skills => "Keahlian",
        FormStep::Photo => "Foto KTP",
        FormStep::Summary => "Ringkasan",
    }
}

/// Everything that was told, a line each.
pub fn form_summary(form: &ApplicationForm) -> String {
    let lines = FormStep::QUESTIONS.map(|step| answer_line(form, step));
    lines.join("\n")
}

/// What was told at one question.
pub fn answer_line(form: &ApplicationForm, step: FormStep) -> String {
    let value = match step {
        FormStep::Name => form.name.as_deref().map(escape),
        FormStep::Phone => form.phone.as_deref().map(escape),
        FormStep::Area => match (&form.area, form.place) {
            (Some(area), _) => Some(escape(area)),
            (None, Some(_)) => Some("📍 lokasi dibagikan".to_owned()),
            (None, None) => None,
        },
        FormStep::Skills => {
            let words: Vec<&str> = form.skills.iter().map(|skill| format::skill(*skill)).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        FormStep::Photo => form.photo.as_ref().map(|_| "ada".to_owned()),
        FormStep::Summary => None,
    };
    match step {
        FormStep::Summary => form_summary(form),
        _ => format!("{}: {}", step_title(step), value.unwrap_or_else(|| "–".to_owned())),
    }
}
