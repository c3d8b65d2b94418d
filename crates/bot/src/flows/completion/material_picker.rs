//! The material that was used for a job.

use notify::telegram::Button;
use services::inventory::job_stock::JobStockItem;
use services::inventory::technician_stock::TechnicianStockItem;
use shared::{ItemId, Lang};

use super::draft::ReportDraft;
use crate::callback_data::completion::{CompletionCallback, ReportAction, ReportPart};
use crate::format;
use crate::html::{bold, escape};
use crate::pickers::item_picker;
use crate::pickers::pagination::Page;
use crate::texts::{self, material};
use crate::view_context::ViewContext;

/// Other items of the bag on one page.
const PAGE_SIZE: usize = 8;

/// Applies a button of the picker to the report; returns a toast.
pub fn apply_action(
    draft: &mut ReportDraft,
    lang: Lang,
    bag: &[JobStockItem],
    action: &ReportAction,
) -> Option<&'static str> {
    let find = |id: ItemId| bag.iter().map(|item| &item.stock).find(|item| item.item_id == id);
    match *action {
        ReportAction::Add(id, change) => item_picker::add(&mut draft.used, lang, find(id), change),
        ReportAction::ToggleUnit(id, ref suffix) => {
            item_picker::toggle_unit(&mut draft.used, lang, find(id), suffix)
        }
        ReportAction::Item(id) => {
            if find(id).is_none() {
                return Some(texts::items::gone(lang));
            }
            draft.item = Some(id);
            draft.others = None;
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

/// What was used, in one line.
pub fn used_summary(draft: &ReportDraft, bag: &[JobStockItem]) -> Option<String> {
    let items = draft.used.selected().filter_map(|used| {
        let item = &bag.iter().find(|item| item.stock.item_id == used.item)?.stock;
        let quantity = format::quantity(used.quantity, item.unit);
        let text = format!("{quantity} {}", escape(&item.name));
        Some(match used.serials.is_empty() {
            true => text,
            false => format!("{text} ({})", escape(&used.serials.join(", "))),
        })
    });
    let items: Vec<String> = items.collect();
    (!items.is_empty()).then(|| items.join(", "))
}

/// A button of the picker.
fn button(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    label: impl Into<String>,
    action: ReportAction,
) -> Button {
    view_ctx.button(label, CompletionCallback(draft.job, action))
}

/// The question and the buttons of this part.
pub fn picker_view(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
) -> (String, Vec<Vec<Button>>) {
    let lang = view_ctx.lang;
    let detail = draft.item.and_then(|id| bag.iter().find(|item| item.stock.item_id == id));
    if let Some(item) = detail {
        return item_detail(view_ctx, draft, &item.stock);
    }
    if let Some(page) = draft.others {
        return other_items(view_ctx, draft, bag, page);
    }
    let is_listed =
        |item: &&JobStockItem| draft.used.all().iter().any(|used| used.item == item.stock.item_id);
    let listed = bag.iter().filter(is_listed);
    let mut rows: Vec<Vec<Button>> =
        listed.map(|item| quantity_row(view_ctx, draft, &item.stock)).collect();
    let question = match (rows.is_empty(), bag.is_empty()) {
        (_, true) => material::bag_empty(lang),
        (true, _) => material::ask_any(lang),
        (false, _) => material::ask_right(lang),
    };
    let confirm =
        if rows.is_empty() { material::confirm_none(lang) } else { material::confirm(lang) };
    if bag.iter().any(|item| !is_listed(&item)) {
        let action = ReportAction::OtherItems(0);
        rows.push(vec![button(view_ctx, draft, material::others(lang), action)]);
    }
    rows.push(vec![button(view_ctx, draft, confirm, ReportAction::ConfirmMaterial)]);
    (bold(question), rows)
}

/// `[➖] [35 m Kabel] [➕]`; the button in the middle shows the item in detail.
fn quantity_row(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    item: &TechnicianStockItem,
) -> Vec<Button> {
    let id = item.item_id;
    let quantity = format::quantity(draft.used.quantity(id), item.unit);
    let label = format!("{quantity} {}", item.name);
    let middle = button(view_ctx, draft, label, ReportAction::Item(id));
    if item.serialized {
        return vec![middle];
    }
    let step = item_picker::step_size(item.unit);
    let less = button(view_ctx, draft, "➖", ReportAction::Add(id, -step));
    vec![less, middle, button(view_ctx, draft, "➕", ReportAction::Add(id, step))]
}

fn item_detail(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    item: &TechnicianStockItem,
) -> (String, Vec<Vec<Button>>) {
    let (lang, id) = (view_ctx.lang, item.item_id);
    let back = vec![back_button(view_ctx, draft)];
    let in_bag = format::quantity(item.quantity, item.unit);
    let name = bold(&item.name);
    let callback = |action| CompletionCallback(draft.job, action);
    if item.serialized {
        let toggle = |suffix| callback(ReportAction::ToggleUnit(id, suffix));
        let mut rows = item_picker::unit_rows(view_ctx, &draft.used, item, toggle);
        rows.push(back);
        return (material::ask_units(lang, name, in_bag), rows);
    }
    let add = |change| callback(ReportAction::Add(id, change));
    let steps = |changes: [i64; 3]| {
        changes.map(|change| item_picker::step_button(view_ctx, change, add)).to_vec()
    };
    let used = bold(&format::quantity(draft.used.quantity(id), item.unit));
    let text = material::ask_quantity(lang, name, used, in_bag);
    (text, vec![steps([-1, -5, -10]), steps([1, 5, 10]), back])
}

fn other_items(
    view_ctx: ViewContext<'_>,
    draft: &ReportDraft,
    bag: &[JobStockItem],
    page: usize,
) -> (String, Vec<Vec<Button>>) {
    let page = Page::new(bag.len(), PAGE_SIZE, page);
    let row = |item: &JobStockItem| {
        let item = &item.stock;
        let label = format!("{} ({})", item.name, format::quantity(item.quantity, item.unit));
        vec![button(view_ctx, draft, label, ReportAction::Item(item.item_id))]
    };
    let mut rows: Vec<Vec<Button>> = page.slice(bag).iter().map(row).collect();
    let to_page = |page| CompletionCallback(draft.job, ReportAction::OtherItems(page));
    let mut last = vec![back_button(view_ctx, draft)];
    last.extend(page.cycle_button(view_ctx, to_page));
    rows.push(last);
    (bold(material::ask_other(view_ctx.lang)), rows)
}

fn back_button(view_ctx: ViewContext<'_>, draft: &ReportDraft) -> Button {
    let label = texts::common::back(view_ctx.lang);
    button(view_ctx, draft, label, ReportAction::GoToPart(ReportPart::Material))
}
