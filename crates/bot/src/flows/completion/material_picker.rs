//! What was used, with − and +.

use notify::telegram::Button;
use services::inventory::job_stock::JobStockItem;
use services::inventory::technician_stock::TechnicianStockItem;
use shared::ItemId;
use shared::inventory::ItemUnit;

use crate::callback_data::{CallbackData, serial_suffix};
use crate::flows::completion::draft::ReportDraft;
use crate::flows::completion::{CompletionCallback, ReportAction};
use crate::format;
use crate::html::{bold, escape};
use crate::view_context::ViewContext;

/// Other items of the bag on one page.
const PAGE_SIZE: usize = 8;
/// Units of an item that can be ticked.
const MAX_UNITS: usize = 12;

/// Does what a button says; gives a word to show.
pub fn apply_action(
    draft: &mut ReportDraft,
    bag: &[JobStockItem],
    act: ReportAction,
) -> Option<&'static str> {
    let find = |id: ItemId| bag.iter().map(|item| &item.stock).find(|item| item.item_id == id);
    const GONE: Option<&str> = Some("Barang itu tidak ada lagi di tas.");
    match act {
        ReportAction::Add(id, change) => {
            let Some(item) = find(id) else { return GONE };
            let wanted = draft.used.quantity(id).saturating_add(change);
            draft.used.set_quantity(item, wanted);
            (wanted > item.quantity).then_some("Di tas tidak ada lagi.")
        }
        ReportAction::Item(id) => {
            if find(id).is_none() {
                return GONE;
            }
            draft.item = Some(id);
            draft.others = None;
            None
        }
        ReportAction::ToggleUnit(id, end) => {
            let serials = find(id).map(|item| item.serial_numbers.as_slice()).unwrap_or_default();
            let Some(serial) = serials.iter().find(|serial| serial.ends_with(&end)) else {
                return GONE;
            };
            draft.used.toggle(id, serial);
            None
        }
        ReportAction::OtherItems(page) => {
            draft.item = None;
            draft.others = Some(page);
            None
        }
        _ => None,
    }
}

/// What was used, in a line.
pub fn used_summary(draft: &ReportDraft, bag: &[JobStockItem]) -> Option<String> {
    let lines = draft.used.selected().filter_map(|used| {
        let item = &bag.iter().find(|item| item.stock.item_id == used.item)?.stock;
        let text = format!("{} {}", format::quantity(used.quantity, item.unit), escape(&item.name));
        Some(match used.serials.is_empty() {
            true => text,
            false => format!("{text} ({})", escape(&used.serials.join(", "))),
        })
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// The question and the buttons of this part.
pub fn picker_view(
    screen: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
) -> (String, Vec<Vec<Button>>) {
    let press = |act| CallbackData::Completion(CompletionCallback(draft.job, act));
    let closer = draft.item.and_then(|id| bag.iter().find(|item| item.stock.item_id == id));
    if let Some(item) = closer {
        return item_detail(screen, draft, &item.stock);
    }
    if let Some(page) = draft.others {
        return other_items(screen, draft, bag, page);
    }
    let shown =
        |item: &&JobStockItem| draft.used.all().iter().any(|used| used.item == item.stock.item_id);
    let mut rows: Vec<Vec<Button>> =
        bag.iter().filter(shown).map(|item| quantity_row(screen, draft, &item.stock)).collect();
    let text = match (rows.is_empty(), bag.is_empty()) {
        (_, true) => "Tas Anda kosong: tidak ada material yang bisa dicatat.",
        (true, _) => "Ada material yang dipakai dari tas?",
        (false, _) => "Material yang dipakai sudah sesuai?",
    };
    let right = if rows.is_empty() { "✅ Tanpa material" } else { "✅ Material sesuai" };
    if bag.iter().any(|item| !shown(&item)) {
        rows.push(vec![
            screen.button("➕ Barang lain dari tas", &press(ReportAction::OtherItems(0))),
        ]);
    }
    rows.push(vec![screen.button(right, &press(ReportAction::ConfirmMaterial))]);
    (bold(text), rows)
}

/// `[−] 35 m Kabel [+]`; the middle leads closer.
fn quantity_row(
    screen: ViewContext<'_>,
    draft: &ReportDraft,
    item: &TechnicianStockItem,
) -> Vec<Button> {
    let press = |act| CallbackData::Completion(CompletionCallback(draft.job, act));
    let quantity = format::quantity(draft.used.quantity(item.item_id), item.unit);
    let middle = screen
        .button(format!("{quantity} {}", item.name), &press(ReportAction::Item(item.item_id)));
    if item.serialized {
        return vec![middle];
    }
    let step = if item.unit == ItemUnit::Metre { 5 } else { 1 };
    let add =
        |label: &str, change| screen.button(label, &press(ReportAction::Add(item.item_id, change)));
    vec![add("➖", -step), middle, add("➕", step)]
}

fn item_detail(
    screen: ViewContext<'_>,
    draft: &ReportDraft,
    item: &TechnicianStockItem,
) -> (String, Vec<Vec<Button>>) {
    let press = |act| CallbackData::Completion(CompletionCallback(draft.job, act));
    let back =
        screen.button("⬅️ Kembali", &press(ReportAction::GoToPart(super::ReportPart::Material)));
    let in_bag = format::quantity(item.quantity, item.unit);
    let name = bold(&item.name);
    if item.serialized {
        let taken = draft.used.serials(item.item_id);
        let units = item.serial_numbers.iter().take(MAX_UNITS).map(|serial| {
            let mark = if taken.contains(serial) { "☑️" } else { "⬜️" };
            let act = ReportAction::ToggleUnit(item.item_id, serial_suffix(serial));
            vec![screen.button(format!("{mark} {serial}"), &press(act))]
        });
        let text = format!("{name}: yang mana yang dipakai? (tas: {in_bag})");
        return (text, units.chain([vec![back]]).collect());
    }
    let quantity = format::quantity(draft.used.quantity(item.item_id), item.unit);
    let add = |change: i64| {
        let label = format!("{}{}", if change < 0 { "−" } else { "+" }, change.abs());
        screen.button(label, &press(ReportAction::Add(item.item_id, change)))
    };
    let text = format!("{name}: dipakai <b>{quantity}</b> (tas: {in_bag})\nAtau ketik jumlahnya.");
    (text, vec![vec![add(-1), add(-5), add(-10)], vec![add(1), add(5), add(10)], vec![back]])
}

fn other_items(
    screen: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
    page: usize,
) -> (String, Vec<Vec<Button>>) {
    let press = |act| CallbackData::Completion(CompletionCallback(draft.job, act));
    let pages = bag.len().div_ceil(PAGE_SIZE).max(1);
    let page = page.min(pages - 1);
    let there = &bag[(page * PAGE_SIZE).min(bag.len())..bag.len().min((page + 1) * PAGE_SIZE)];
    let mut rows: Vec<Vec<Button>> = there
        .iter()
        .map(|item| {
            let item = &item.stock;
            let label = format!("{} ({})", item.name, format::quantity(item.quantity, item.unit));
            vec![screen.button(label, &press(ReportAction::Item(item.item_id)))]
        })
        .collect();
    let mut last = vec![
        screen.button("⬅️ Kembali", &press(ReportAction::GoToPart(super::ReportPart::Material))),
    ];
    if pages > 1 {
        let next = (page + 1) % pages;
        let label = format!("Halaman {}/{pages} ➡️", next + 1);
        last.push(screen.button(label, &press(ReportAction::OtherItems(next))));
    }
    rows.push(last);
    (bold("Barang mana dari tas?"), rows)
}
