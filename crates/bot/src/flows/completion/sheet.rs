//! The report at a glance: what is there, what is asked for now, and the way to every part.

use db::Conn;
use notify::telegram::Button;
use services::inventory::at_hand::{self, AtHand};
use services::jobs::Evidence;
use services::{Actor, Result, jobs};
use shared::photo::PhotoKind;

use crate::cards::Card;
use crate::flows::completion::draft::{Draft, Part};
use crate::flows::completion::{Act, CompletionPress, material};
use crate::html::{bold, escape, excerpt};
use crate::press::{Press, serial_end};
use crate::say;
use crate::screen::Screen;

/// Characters of the report that the overview shows.
const EXCERPT: usize = 60;
/// Serial numbers to choose from.
const MOST_SERIALS: usize = 4;

/// The overview with the question that is open. What is no longer in the bag is forgotten.
///
/// # Errors
/// There is no such job for this actor.
pub fn sheet(
    conn: &mut Conn,
    screen: Screen<'_>,
    actor: &Actor,
    draft: &mut Draft,
) -> Result<Card> {
    let job = jobs::get(conn, actor, draft.job)?;
    let evidence = jobs::evidence(conn, actor, draft.job)?;
    let bag = at_hand::at_hand(conn, actor, draft.job)?;
    draft.fit(&bag);
    let mut text = vec![format!("🏁 Laporan {}", bold(&job.number))];
    text.extend(overview(draft, &evidence, &bag));
    let (question, mut buttons) = question(screen, draft, &bag);
    text.push(String::new());
    text.push(question);
    buttons.extend(ways(screen, draft));
    Ok(Card { text: text.join("\n"), buttons })
}

/// One line per part.
fn overview(draft: &Draft, evidence: &Evidence, bag: &[AtHand]) -> Vec<String> {
    let line = |mark: &str, name: &str, value: Option<String>| match value {
        Some(value) => format!("{mark} {name}: {value}"),
        None => format!("{mark} {name}"),
    };
    let demanded = |there: bool, needed: bool| match (there, needed) {
        (true, _) => "✅",
        (false, true) => "▫️",
        (false, false) => "➖",
    };
    let photos = evidence.photo_count();
    let enough = photos >= evidence.min_photos;
    let dbm = draft.attenuation.map(|dbm| format!("{} dBm", say::decimal(dbm, 2)));
    let optional = |needed: bool| (!needed).then(|| "tidak wajib".to_owned());
    let used = material::used(draft, bag);
    let report = draft.report.as_deref().and_then(|report| report.lines().next());
    let report = report.map(|line| excerpt(line, EXCERPT));
    let serial = draft.serial.as_deref().map(|serial| modem(serial, bag));
    vec![
        line(demanded(draft.report.is_some(), true), "Laporan", report),
        line(demanded(enough, true), "Foto", Some(photo_count(evidence))),
        line(
            demanded(draft.serial.is_some(), evidence.needs_ont_serial_number),
            "ONT",
            serial.or_else(|| optional(evidence.needs_ont_serial_number)),
        ),
        line(
            demanded(draft.attenuation.is_some(), evidence.needs_attenuation),
            "Redaman",
            dbm.or_else(|| optional(evidence.needs_attenuation)),
        ),
        line(
            demanded(draft.material_checked, true),
            "Material",
            used.or_else(|| draft.material_checked.then(|| "tanpa material".to_owned())),
        ),
    ]
}

/// A serial number; one that is none of the bag's modems is told, because it may be mistyped.
fn modem(serial: &str, bag: &[AtHand]) -> String {
    let mut modems = bag.iter().map(|item| &item.carried).filter(|item| item.serialized).peekable();
    let foreign = modems.peek().is_some()
        && !modems.any(|item| item.serial_numbers.iter().any(|one| one == serial));
    format!("{}{}", escape(serial), if foreign { " (bukan dari tas)" } else { "" })
}

/// `2/1 (Sesudah 1, Perangkat 1)`.
fn photo_count(evidence: &Evidence) -> String {
    let kinds: Vec<String> = evidence
        .photos
        .iter()
        .map(|(kind, count)| format!("{} {count}", say::photo_kind(*kind)))
        .collect();
    let count = format!("{}/{}", evidence.photo_count(), evidence.min_photos);
    if kinds.is_empty() { count } else { format!("{count} ({})", kinds.join(", ")) }
}

/// What is asked for now, and the buttons that answer it.
fn question(screen: Screen<'_>, draft: &Draft, bag: &[AtHand]) -> (String, Vec<Vec<Button>>) {
    let press = |act| Press::Completion(CompletionPress(draft.job, act));
    match draft.part {
        Part::Report => (bold("Apa yang dikerjakan? Ketik laporan singkat."), Vec::new()),
        Part::Photos => {
            let text = format!(
                "{}\nUntuk: {}",
                bold("Kirim foto, boleh beberapa sekaligus."),
                bold(say::photo_kind(draft.photo_kind))
            );
            (text, kinds(screen, draft))
        }
        Part::Serial => {
            let offered = draft.candidates(bag);
            let rows = offered.iter().take(MOST_SERIALS).map(|serial| {
                let read = if draft.found.contains(serial) { "📷 " } else { "" };
                let act = Act::Serial(serial_end(serial));
                vec![screen.button(format!("{read}{serial}"), &press(act))]
            });
            let text = match draft.found.is_empty() {
                true => "Nomor seri ONT? Pilih, ketik, atau foto barcode-nya.",
                false => "Terbaca dari foto. Benar nomor ini?",
            };
            (bold(text), rows.collect())
        }
        Part::Attenuation => (bold("Redaman berapa dBm? Ketik, misalnya -21,5."), Vec::new()),
        Part::Material => material::screen(screen, draft, bag),
        Part::Summary => {
            let send = screen.button("✅ Kirim & selesai", &press(Act::Confirm));
            (bold("Semua lengkap. Kirim?"), vec![vec![send]])
        }
    }
}

fn kinds(screen: Screen<'_>, draft: &Draft) -> Vec<Vec<Button>> {
    let buttons: Vec<Button> = PhotoKind::ALL
        .iter()
        .map(|&kind| {
            let mark = if kind == draft.photo_kind { "• " } else { "" };
            let press = Press::Completion(CompletionPress(draft.job, Act::Kind(kind)));
            screen.button(format!("{mark}{}", say::photo_kind(kind)), &press)
        })
        .collect();
    buttons.chunks(3).map(<[_]>::to_vec).collect()
}

/// The way to the other parts, and out.
fn ways(screen: Screen<'_>, draft: &Draft) -> Vec<Vec<Button>> {
    let press = |act| Press::Completion(CompletionPress(draft.job, act));
    let all = [
        (Part::Report, "Laporan"),
        (Part::Photos, "Foto"),
        (Part::Serial, "ONT"),
        (Part::Attenuation, "Redaman"),
        (Part::Material, "Material"),
    ];
    let parts: Vec<Button> = all
        .into_iter()
        .filter(|(part, _)| *part != draft.part)
        .map(|(part, label)| screen.button(format!("✏️ {label}"), &press(Act::Go(part))))
        .collect();
    let mut rows: Vec<Vec<Button>> = parts.chunks(3).map(<[_]>::to_vec).collect();
    rows.push(vec![screen.button("✖️ Tutup dulu", &press(Act::Leave))]);
    rows
}
