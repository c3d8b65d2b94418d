//! The report at a glance: what is there, what is asked for now, and the way to every part.

use notify::telegram::Button;
use services::inventory::job_stock::{self, JobStockItem};
use services::jobs::CompletionRequirements;
use services::{Actor, Conn, Result, jobs};
use shared::photo::PhotoKind;

use crate::callback_data::{CallbackData, serial_suffix};
use crate::flows::completion::draft::{ReportDraft, ReportPart};
use crate::flows::completion::{CompletionCallback, ReportAction, material_picker};
use crate::format;
use crate::html::{bold, escape, excerpt};
use crate::view_context::ViewContext;
use crate::views::MessageView;

/// Characters of the report that the overview shows.
const REPORT_EXCERPT_CHARS: usize = 60;
/// Serial numbers to choose from.
const MAX_SERIALS: usize = 4;

/// The overview with the question that is open. What is no longer in the bag is forgotten.
///
/// # Errors
/// There is no such job for this actor.
pub fn render(
    conn: &mut Conn,
    screen: ViewContext<'_>,
    actor: &Actor,
    draft: &mut ReportDraft,
) -> Result<MessageView> {
    let job = jobs::get(conn, actor, draft.job)?;
    let evidence = jobs::completion_requirements(conn, actor, draft.job)?;
    let bag = job_stock::job_stock(conn, actor, draft.job)?;
    draft.retain_available(&bag);
    let mut text = vec![format!("🏁 Laporan {}", bold(&job.number))];
    text.extend(overview(draft, &evidence, &bag));
    let (question, mut buttons) = question(screen, draft, &bag);
    text.push(String::new());
    text.push(question);
    buttons.extend(part_buttons(screen, draft));
    Ok(MessageView { text: text.join("\n"), buttons })
}

/// One line per part.
fn overview(
    draft: &ReportDraft,
    evidence: &CompletionRequirements,
    bag: &[JobStockItem],
) -> Vec<String> {
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
    let dbm = draft.attenuation.map(|dbm| format!("{} dBm", format::decimal(dbm, 2)));
    let optional = |needed: bool| (!needed).then(|| "tidak wajib".to_owned());
    let used = material_picker::used_summary(draft, bag);
    let report = draft.report.as_deref().and_then(|report| report.lines().next());
    let report = report.map(|line| excerpt(line, REPORT_EXCERPT_CHARS));
    let serial = draft.serial.as_deref().map(|serial| serial_label(serial, bag));
    vec![
        line(demanded(draft.report.is_some(), true), "Laporan", report),
        line(demanded(enough, true), "Foto", Some(photo_summary(evidence))),
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
fn serial_label(serial: &str, bag: &[JobStockItem]) -> String {
    let mut modems = bag.iter().map(|item| &item.stock).filter(|item| item.serialized).peekable();
    let foreign = modems.peek().is_some()
        && !modems.any(|item| item.serial_numbers.iter().any(|one| one == serial));
    format!("{}{}", escape(serial), if foreign { " (bukan dari tas)" } else { "" })
}

/// `2/1 (Sesudah 1, Perangkat 1)`.
fn photo_summary(evidence: &CompletionRequirements) -> String {
    let kinds: Vec<String> = evidence
        .photos
        .iter()
        .map(|(kind, count)| format!("{} {count}", format::photo_kind(*kind)))
        .collect();
    let count = format!("{}/{}", evidence.photo_count(), evidence.min_photos);
    if kinds.is_empty() { count } else { format!("{count} ({})", kinds.join(", ")) }
}

/// What is asked for now, and the buttons that answer it.
fn question(
    screen: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
) -> (String, Vec<Vec<Button>>) {
    let press = |act| CallbackData::Completion(CompletionCallback(draft.job, act));
    match draft.part {
        ReportPart::Report => (bold("Apa yang dikerjakan? Ketik laporan singkat."), Vec::new()),
        ReportPart::Photos => {
            let text = format!(
                "{}\nUntuk: {}",
                bold("Kirim foto, boleh beberapa sekaligus."),
                bold(format::photo_kind(draft.photo_kind))
            );
            (text, photo_kind_buttons(screen, draft))
        }
        ReportPart::Serial => {
            let offered = draft.serial_candidates(bag);
            let rows = offered.iter().take(MAX_SERIALS).map(|serial| {
                let read = if draft.found.contains(serial) { "📷 " } else { "" };
                let act = ReportAction::PickSerial(serial_suffix(serial));
                vec![screen.button(format!("{read}{serial}"), &press(act))]
            });
            let text = match draft.found.is_empty() {
                true => "Nomor seri ONT? Pilih, ketik, atau foto barcode-nya.",
                false => "Terbaca dari foto. Benar nomor ini?",
            };
            (bold(text), rows.collect())
        }
        ReportPart::Attenuation => (bold("Redaman berapa dBm? Ketik, misalnya -21,5."), Vec::new()),
        ReportPart::Material => material_picker::picker_view(screen, draft, bag),
        ReportPart::Summary => {
            let send = screen.button("✅ Kirim & selesai", &press(ReportAction::Submit));
            (bold("Semua lengkap. Kirim?"), vec![vec![send]])
        }
    }
}

fn photo_kind_buttons(screen: ViewContext<'_>, draft: &ReportDraft) -> Vec<Vec<Button>> {
    let buttons: Vec<Button> = PhotoKind::ALL
        .iter()
        .map(|&kind| {
            let mark = if kind == draft.photo_kind { "• " } else { "" };
            let press = CallbackData::Completion(CompletionCallback(
                draft.job,
                ReportAction::SetPhotoKind(kind),
            ));
            screen.button(format!("{mark}{}", format::photo_kind(kind)), &press)
        })
        .collect();
    buttons.chunks(3).map(<[_]>::to_vec).collect()
}

/// The way to the other parts, and out.
fn part_buttons(screen: ViewContext<'_>, draft: &ReportDraft) -> Vec<Vec<Button>> {
    let press = |act| CallbackData::Completion(CompletionCallback(draft.job, act));
    let all = [
        (ReportPart::Report, "Laporan"),
        (ReportPart::Photos, "Foto"),
        (ReportPart::Serial, "ONT"),
        (ReportPart::Attenuation, "Redaman"),
        (ReportPart::Material, "Material"),
    ];
    let parts: Vec<Button> = all
        .into_iter()
        .filter(|(part, _)| *part != draft.part)
        .map(|(part, label)| {
            screen.button(format!("✏️ {label}"), &press(ReportAction::GoToPart(part)))
        })
        .collect();
    let mut rows: Vec<Vec<Button>> = parts.chunks(3).map(<[_]>::to_vec).collect();
    rows.push(vec![screen.button("✖️ Tutup dulu", &press(ReportAction::Close))]);
    rows
}
