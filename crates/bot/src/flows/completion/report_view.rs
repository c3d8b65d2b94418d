//! The report at a glance: its parts, the question that is open, and buttons to the other parts.

use notify::telegram::Button;
use services::inventory::job_stock::{self, JobStockItem};
use services::jobs::{self, CompletionRequirements};
use services::{Actor, Conn, Result};
use shared::Lang;
use shared::job::{DeviceCondition, ReturnedDevice};
use shared::photo::PhotoKind;

use super::dialogue::CompletionDialogue;
use super::draft::ReportDraft;
use super::material_picker;
use crate::callback_data::completion::{CompletionCallback, ReportAction, ReportPart};
use crate::callback_data::serial_suffix;
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape, excerpt};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::{self, report};
use crate::view_context::ViewContext;

/// Characters of the report that the overview shows.
const REPORT_EXCERPT_CHARS: usize = 60;
/// Serial numbers to choose from.
const MAX_SERIALS: usize = 4;

/// Shows the report in the message `replaces`, or in a new one, and continues the dialogue with it.
pub fn show_draft(
    ctx: &mut UpdateContext<'_, '_>,
    actor: &Actor,
    replaces: Option<i32>,
    mut draft: ReportDraft,
) -> Result<BotResponse> {
    let view_ctx = ctx.view_ctx();
    let view = render(ctx.tx.conn(), view_ctx, actor, &mut draft)?;
    draft.shown_by = Some(ctx.update_id);
    let response = BotResponse::show_view(replaces, view);
    Ok(response.with_dialogue(CompletionDialogue::Filling(draft)))
}

/// Renders the report and the question that is open. Removes material that is no longer in the bag.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub fn render(
    conn: &mut Conn,
    view_ctx: ViewContext<'_>,
    actor: &Actor,
    draft: &mut ReportDraft,
) -> Result<MessageView> {
    let job = jobs::get(conn, actor, draft.job)?;
    let requirements = jobs::completion_requirements(conn, actor, draft.job)?;
    let bag = job_stock::job_stock(conn, actor, draft.job)?;
    draft.retain_available(&bag);
    let mut lines = vec![report::title(view_ctx.lang, bold(&job.number))];
    lines.extend(overview(view_ctx.lang, draft, &requirements, &bag));
    let exchanges = job.job_type.profile().exchanges_device;
    if exchanges {
        lines.push(returned_line(view_ctx.lang, draft.returned.as_deref()));
    }
    let (question, mut buttons) = match draft.part {
        ReportPart::Returned => {
            let devices = jobs::installed_devices(conn, actor, draft.job)?;
            returned_question(view_ctx, draft, &devices)
        }
        _ => question(view_ctx, draft, &bag),
    };
    lines.push(String::new());
    lines.push(question);
    buttons.extend(part_buttons(view_ctx, draft, exchanges));
    Ok(MessageView { text: lines.join("\n"), buttons })
}

/// One line per part.
fn overview(
    lang: Lang,
    draft: &ReportDraft,
    requirements: &CompletionRequirements,
    bag: &[JobStockItem],
) -> Vec<String> {
    let line = |given: bool, required: bool, part, value: Option<String>| {
        let mark = match (given, required) {
            (true, _) => "✅",
            (false, true) => "▫️",
            (false, false) => "➖",
        };
        let value = value.or_else(|| (!required).then(|| report::optional(lang).to_owned()));
        match value {
            Some(value) => format!("{mark} {}: {value}", part_label(lang, part)),
            None => format!("{mark} {}", part_label(lang, part)),
        }
    };
    let text = draft.report.as_deref().and_then(|report| report.lines().next());
    let text = text.map(|line| excerpt(line, REPORT_EXCERPT_CHARS));
    let enough_photos = requirements.photo_count() >= requirements.min_photos;
    let serial = draft.serial.as_deref().map(|serial| serial_label(lang, serial, bag));
    let dbm = draft.attenuation.map(|dbm| format!("{} dBm", format::decimal(lang, dbm, 2)));
    let no_material = draft.material_checked.then(|| report::no_material(lang).to_owned());
    let material = material_picker::used_summary(draft, bag).or(no_material);
    vec![
        line(draft.report.is_some(), true, ReportPart::Report, text),
        line(enough_photos, true, ReportPart::Photos, Some(photo_summary(lang, requirements))),
        line(
            draft.serial.is_some(),
            requirements.needs_ont_serial_number,
            ReportPart::Serial,
            serial,
        ),
        line(
            draft.attenuation.is_some(),
            requirements.needs_attenuation,
            ReportPart::Attenuation,
            dbm,
        ),
        line(draft.material_checked, true, ReportPart::Material, material),
    ]
}

/// A serial number. One of no modem in the bag is marked, because it may be mistyped.
fn serial_label(lang: Lang, serial: &str, bag: &[JobStockItem]) -> String {
    let mut modems = bag.iter().map(|item| &item.stock).filter(|item| item.serialized).peekable();
    let foreign = modems.peek().is_some()
        && !modems.any(|item| item.serial_numbers.iter().any(|known| known == serial));
    match foreign {
        true => report::serial_not_from_bag(lang, escape(serial)),
        false => escape(serial),
    }
}

/// `2/1 (Sesudah 1, Perangkat 1)`.
fn photo_summary(lang: Lang, requirements: &CompletionRequirements) -> String {
    let kinds: Vec<String> = requirements
        .photos
        .iter()
        .map(|(kind, count)| format!("{} {count}", format::photo_kind(lang, *kind)))
        .collect();
    let count = format!("{}/{}", requirements.photo_count(), requirements.min_photos);
    if kinds.is_empty() { count } else { format!("{count} ({})", kinds.join(", ")) }
}

/// What is asked for now, and the buttons that answer it.
fn question(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
) -> (String, Vec<Vec<Button>>) {
    let lang = view_ctx.lang;
    match draft.part {
        ReportPart::Report => (bold(report::ask_report(lang)), Vec::new()),
        ReportPart::Photos => {
            let kind = bold(format::photo_kind(lang, draft.photo_kind));
            let text =
                format!("{}\n{}", bold(report::ask_photos(lang)), report::photo_kind(lang, kind));
            (text, photo_kind_buttons(view_ctx, draft))
        }
        ReportPart::Serial => (
            bold(match draft.found.is_empty() {
                true => report::ask_serial(lang),
                false => report::confirm_serial(lang),
            }),
            serial_buttons(view_ctx, draft, bag),
        ),
        ReportPart::Attenuation => (bold(report::ask_attenuation(lang)), Vec::new()),
        ReportPart::Returned => returned_question(view_ctx, draft, &[]),
        ReportPart::Material => material_picker::picker_view(view_ctx, draft, bag),
        ReportPart::Summary => {
            let submit = CompletionCallback(draft.job, ReportAction::Submit);
            let submit = view_ctx.button(report::submit(lang), submit);
            (bold(report::ask_submit(lang)), vec![vec![submit]])
        }
    }
}

fn serial_buttons(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
) -> Vec<Vec<Button>> {
    let row = |serial: &String| {
        let icon = if draft.found.contains(serial) { "📷 " } else { "" };
        let pick = ReportAction::PickSerial(serial_suffix(serial));
        vec![view_ctx.button(format!("{icon}{serial}"), CompletionCallback(draft.job, pick))]
    };
    draft.serial_candidates(bag).iter().take(MAX_SERIALS).map(row).collect()
}

/// The device that was taken back, on one line of the overview.
fn returned_line(lang: Lang, device: Option<&ReturnedDevice>) -> String {
    let label = part_label(lang, ReportPart::Returned);
    match device {
        Some(device) => {
            let condition = condition_label(lang, device.condition);
            format!("✅ {label}: {} ({condition})", escape(&device.serial_number))
        }
        None => format!("➖ {label}: {}", report::optional(lang)),
    }
}

/// Asks for the device that was taken back, then for its condition. `devices` hang at the customer.
fn returned_question(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    devices: &[String],
) -> (String, Vec<Vec<Button>>) {
    let lang = view_ctx.lang;
    let button =
        |label: String, action| view_ctx.button(label, CompletionCallback(draft.job, action));
    let none = vec![button(report::none_returned(lang).to_owned(), ReportAction::NoneReturned)];
    if draft.returned.is_some() {
        let conditions = DeviceCondition::ALL.iter().map(|&condition| {
            let label = condition_label(lang, condition).to_owned();
            button(label, ReportAction::SetCondition(condition))
        });
        return (bold(report::ask_condition(lang)), vec![conditions.collect(), none]);
    }
    let others = devices.iter().filter(|serial| draft.serial.as_ref() != Some(serial));
    let pick = |serial: &String| {
        vec![button(serial.clone(), ReportAction::PickReturned(serial_suffix(serial)))]
    };
    let mut buttons: Vec<Vec<Button>> = others.take(MAX_SERIALS).map(pick).collect();
    buttons.push(none);
    (bold(report::ask_returned(lang)), buttons)
}

const fn condition_label(lang: Lang, condition: DeviceCondition) -> &'static str {
    match condition {
        DeviceCondition::Used => report::condition_used(lang),
        DeviceCondition::Damaged => report::condition_damaged(lang),
    }
}

fn photo_kind_buttons(view_ctx: ViewContext<'_>, draft: &ReportDraft) -> Vec<Vec<Button>> {
    let button = |&kind: &PhotoKind| {
        let mark = if kind == draft.photo_kind { "• " } else { "" };
        let label = format!("{mark}{}", format::photo_kind(view_ctx.lang, kind));
        view_ctx.button(label, CompletionCallback(draft.job, ReportAction::SetPhotoKind(kind)))
    };
    let buttons: Vec<Button> = PhotoKind::ALL.iter().map(button).collect();
    buttons.chunks(3).map(<[_]>::to_vec).collect()
}

/// Buttons to the other parts, and one to close the report.
fn part_buttons(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    exchanges: bool,
) -> Vec<Vec<Button>> {
    let callback = |action| CompletionCallback(draft.job, action);
    let parts = [
        ReportPart::Report,
        ReportPart::Photos,
        ReportPart::Serial,
        ReportPart::Attenuation,
        ReportPart::Material,
    ];
    let returned = exchanges.then_some(ReportPart::Returned);
    let others = parts.into_iter().chain(returned).filter(|part| *part != draft.part);
    let button = |part| {
        let label = format!("✏️ {}", part_label(view_ctx.lang, part));
        view_ctx.button(label, callback(ReportAction::GoToPart(part)))
    };
    let buttons: Vec<Button> = others.map(button).collect();
    let mut rows: Vec<Vec<Button>> = buttons.chunks(3).map(<[_]>::to_vec).collect();
    let close = view_ctx.button(report::close(view_ctx.lang), callback(ReportAction::Close));
    rows.push(vec![close]);
    rows
}

/// The label of a part.
const fn part_label(lang: Lang, part: ReportPart) -> &'static str {
    match part {
        ReportPart::Report => texts::report::report(lang),
        ReportPart::Photos => texts::report::photos(lang),
        ReportPart::Serial => texts::report::ont(lang),
        ReportPart::Attenuation => texts::report::attenuation(lang),
        ReportPart::Returned => texts::report::returned(lang),
        ReportPart::Material | ReportPart::Summary => texts::report::material(lang),
    }
}
