//! The questions.

use notify::telegram::{ChatButton, Keyboard};
use services::{Result, settings};
use shared::registration::parse_name;
use shared::technician::SkillKind;

use super::form::{Form, Step};
use super::{Registration, RegistrationPress};
use crate::answer::Answer;
use crate::cards::Card;
use crate::dialogue::Dialogue;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

pub const BACK: &str = "« Kembali";
pub const OTHER: &str = "Lainnya";
pub const SHARE_PHONE: &str = "📱 Bagikan nomor saya";
pub const SHARE_PLACE: &str = "📍 Kirim lokasi saya";

/// The areas that the organisation names.
///
/// # Errors
/// The database fails.
pub fn areas(here: &mut Here<'_, '_>) -> Result<Vec<String>> {
    Ok(settings::load(here.tx.conn())?.service_areas)
}

/// Asks the question at which the form stands, and waits there.
///
/// # Errors
/// The database fails.
pub fn ask(here: &mut Here<'_, '_>, form: Form) -> Result<Answer> {
    let answer = match form.step {
        Step::Name => Answer::with(head(&form, "Nama", NAME), names(here, &form)),
        Step::Phone => Answer::with(head(&form, "Nomor HP", PHONE), phone()),
        Step::Area if form.typing_area => {
            Answer::with("Ketik nama kecamatan dan kotanya.", back_only())
        }
        Step::Area => {
            let areas = areas(here)?;
            let question = if areas.is_empty() { AREA_TYPED } else { AREA };
            Answer::with(head(&form, "Area", question), area_buttons(&areas))
        }
        Step::Skills => Answer::card(skills(here.screen(), &form)),
        Step::Photo => Answer::card(photo(here.screen(), &form)),
        Step::Summary => Answer::card(summary(here.screen(), &form)),
    };
    Ok(answer.go(Dialogue::Registration(Registration::Applying(form))))
}

const NAME: &str = "Ketik nama lengkap Anda seperti di KTP.";
const PHONE: &str = "Tekan tombol di bawah untuk membagikan nomor HP Telegram Anda.";
const AREA: &str = "Di mana Anda biasa bekerja? Kirim lokasi, atau pilih dari daftar.";
const AREA_TYPED: &str =
    "Di mana Anda biasa bekerja? Kirim lokasi, atau ketik nama kecamatan dan kotanya.";
const SKILLS: &str = "Tandai semua yang Anda kuasai, lalu tekan Lanjut.";
const PHOTO: &str = "Kirim satu foto KTP. Foto disimpan terenkripsi dan hanya bisa dilihat admin.";

fn head(form: &Form, title: &str, question: &str) -> String {
    let place = Step::QUESTIONS.iter().position(|step| *step == form.step);
    let title = match place {
        Some(place) if !form.correcting => {
            bold(&format!("{}/{} {title}", place + 1, Step::QUESTIONS.len()))
        }
        _ => bold(title),
    };
    format!("{title}\n{question}")
}

/// The name that Telegram knows may be the right one.
fn names(here: &Here<'_, '_>, form: &Form) -> Keyboard {
    let mut rows: Vec<Vec<ChatButton>> = Vec::new();
    let known = form.name.clone().or_else(|| parse_name(&here.from.name).ok());
    rows.extend(known.map(|name| vec![ChatButton::Text(name)]));
    if form.correcting {
        rows.push(vec![ChatButton::Text(BACK.into())]);
    }
    if rows.is_empty() { Keyboard::Remove } else { Keyboard::Chat(rows) }
}

fn phone() -> Keyboard {
    Keyboard::Chat(vec![
        vec![ChatButton::Contact(SHARE_PHONE.into())],
        vec![ChatButton::Text(BACK.into())],
    ])
}

fn back_only() -> Keyboard {
    Keyboard::Chat(vec![vec![ChatButton::Text(BACK.into())]])
}

fn area_buttons(areas: &[String]) -> Keyboard {
    let mut rows = vec![vec![ChatButton::Place(SHARE_PLACE.into())]];
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

fn press(press: RegistrationPress) -> Press {
    Press::Registration(press)
}

/// The skills with their ticks.
pub fn skills(screen: Screen<'_>, form: &Form) -> Card {
    let mut buttons: Vec<_> = SkillKind::ALL
        .iter()
        .map(|skill| {
            let mark = if form.skills.contains(skill) { "☑️" } else { "⬜" };
            let label = format!("{mark} {}", say::skill(*skill));
            vec![screen.button(label, &press(RegistrationPress::Skill(*skill)))]
        })
        .collect();
    buttons.push(vec![
        screen.button(BACK, &press(RegistrationPress::Back(Step::Skills))),
        screen.button("Lanjut »", &press(RegistrationPress::Next(Step::Skills))),
    ]);
    Card { text: head(form, "Keahlian", SKILLS), buttons }
}

fn photo(screen: Screen<'_>, form: &Form) -> Card {
    let (question, skip) = match form.photo {
        Some(_) => {
            (format!("{PHOTO}\nSatu foto sudah ada; kirim lagi untuk menggantinya."), "Lanjut »")
        }
        None => (PHOTO.to_owned(), "Lewati »"),
    };
    let buttons = vec![vec![
        screen.button(BACK, &press(RegistrationPress::Back(Step::Photo))),
        screen.button(skip, &press(RegistrationPress::Next(Step::Photo))),
    ]];
    Card { text: head(form, "Foto KTP (boleh dilewati)", &question), buttons }
}

fn summary(screen: Screen<'_>, form: &Form) -> Card {
    let text = format!("{}\n{}\n\nSudah benar?", bold("Periksa dulu"), told(form));
    let buttons = vec![
        vec![
            screen.button("✅ Kirim", &press(RegistrationPress::Send)),
            screen.button("✏️ Perbaiki", &press(RegistrationPress::Correct)),
        ],
        vec![screen.button(BACK, &press(RegistrationPress::Back(Step::Summary)))],
    ];
    Card { text, buttons }
}

/// Which answer is to be corrected?
pub fn corrections(screen: Screen<'_>, form: &Form) -> Card {
    let text = format!("{}\n\n{}", told(form), bold("Mana yang diperbaiki?"));
    let field = |step: Step| screen.button(title(step), &press(RegistrationPress::Field(step)));
    let fields: Vec<_> = Step::QUESTIONS.into_iter().map(field).collect();
    let mut buttons: Vec<_> = fields.chunks(2).map(<[_]>::to_vec).collect();
    buttons.push(vec![screen.button(BACK, &press(RegistrationPress::Keep))]);
    Card { text, buttons }
}

/// Back from the corrections to the summary, in the same message.
pub fn summary_again(screen: Screen<'_>, form: &Form) -> Card {
    summary(screen, form)
}

const fn title(step: Step) -> &'static str {
    match step {
        Step::Name => "Nama",
        Step::Phone => "Nomor HP",
        Step::Area => "Area",
        Step::Skills => "Keahlian",
        Step::Photo => "Foto KTP",
        Step::Summary => "Ringkasan",
    }
}

/// Everything that was told, a line each.
pub fn told(form: &Form) -> String {
    let lines = Step::QUESTIONS.map(|step| receipt(form, step));
    lines.join("\n")
}

/// What was told at one question.
pub fn receipt(form: &Form, step: Step) -> String {
    let value = match step {
        Step::Name => form.name.as_deref().map(escape),
        Step::Phone => form.phone.as_deref().map(escape),
        Step::Area => match (&form.area, form.place) {
            (Some(area), _) => Some(escape(area)),
            (None, Some(_)) => Some("📍 lokasi dibagikan".to_owned()),
            (None, None) => None,
        },
        Step::Skills => {
            let words: Vec<&str> = form.skills.iter().map(|skill| say::skill(*skill)).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        Step::Photo => form.photo.as_ref().map(|_| "ada".to_owned()),
        Step::Summary => None,
    };
    match step {
        Step::Summary => told(form),
        _ => format!("{}: {}", title(step), value.unwrap_or_else(|| "–".to_owned())),
    }
}
