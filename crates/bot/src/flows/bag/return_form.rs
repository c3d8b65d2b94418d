//! The return that is being prepared: the list of items, or one item in detail.

use notify::telegram::Button;
use services::inventory::technician_stock::TechnicianStockItem;
use shared::Lang;

use super::dialogue::ReturnDraft;
use super::format::serial_list;
use crate::callback_data::bag::{BagCallback, ReturnAction};
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::pickers::item_picker;
use crate::pickers::pagination::Page;
use crate::texts;
use crate::view_context::ViewContext;

/// Items on one page.
const PAGE_SIZE: usize = 8;

/// The list, or the item that is shown in detail.
pub fn render(
    view_ctx: ViewContext<'_>,
    draft: &ReturnDraft,
    bag: &[TechnicianStockItem],
) -> MessageView {
    match draft.item.and_then(|id| bag.iter().find(|item| item.item_id == id)) {
        Some(item) => item_detail(view_ctx, draft, item),
        None => item_list(view_ctx, draft, bag),
    }
}

fn button(view_ctx: ViewContext<'_>, label: impl Into<String>, action: ReturnAction) -> Button {
    view_ctx.button(label, BagCallback::Edit(action))
}

fn item_list(
    view_ctx: ViewContext<'_>,
    draft: &ReturnDraft,
    bag: &[TechnicianStockItem],
) -> MessageView {
    let lang = view_ctx.lang;
    let page = Page::new(bag.len(), PAGE_SIZE, draft.page);
    let row = |item: &TechnicianStockItem| {
        let selected = draft.picks.quantity(item.item_id);
        let mark = item_picker::check_mark(selected > 0);
        let in_bag = format::quantity(item.quantity, item.unit);
        let label = format!("{mark} {} · {selected}/{in_bag}", item.name);
        vec![button(view_ctx, label, ReturnAction::Item(item.item_id))]
    };
    let mut buttons: Vec<Vec<Button>> = page.slice(bag).iter().map(row).collect();
    let to_page = |page| BagCallback::Edit(ReturnAction::ItemPage(page));
    buttons.extend(page.cycle_button(view_ctx, to_page).map(|button| vec![button]));
    if bag.iter().any(|item| draft.picks.quantity(item.item_id) < item.quantity) {
        let label = texts::returns::everything(lang);
        buttons.push(vec![button(view_ctx, label, ReturnAction::AddEverything)]);
    }
    let cancel = button(view_ctx, texts::returns::cancel(lang), ReturnAction::Cancel);
    buttons.push(match draft.picks.selected().count() {
        0 => vec![cancel],
        count => {
            let label = texts::returns::submit(lang, count);
            vec![cancel, button(view_ctx, label, ReturnAction::Submit)]
        }
    });
    let text = format!(
        "↩️ {}\n{}{}",
        bold(texts::returns::ask_items(lang)),
        texts::returns::instructions(lang),
        selection_summary(lang, draft, bag)
    );
    MessageView { text, buttons }
}

/// What is selected, one line per item.
fn selection_summary(lang: Lang, draft: &ReturnDraft, bag: &[TechnicianStockItem]) -> String {
    let lines = draft.picks.selected().filter_map(|selected| {
        let item = bag.iter().find(|item| item.item_id == selected.item)?;
        let quantity = format::quantity(selected.quantity, item.unit);
        let serials = match selected.serials.is_empty() {
            true => String::new(),
            false => format!(" ({})", serial_list(lang, &selected.serials)),
        };
        Some(format!("• {quantity} {}{serials}", escape(&item.name)))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("\n\n{}", lines.join("\n")) }
}

fn item_detail(
    view_ctx: ViewContext<'_>,
    draft: &ReturnDraft,
    item: &TechnicianStockItem,
) -> MessageView {
    let (lang, id) = (view_ctx.lang, item.item_id);
    let name = bold(&item.name);
    let in_bag = format::quantity(item.quantity, item.unit);
    let all = texts::returns::all_of_item(lang, &in_bag);
    let last_row = vec![
        button(view_ctx, texts::common::back(lang), ReturnAction::ItemPage(draft.page)),
        button(view_ctx, all, ReturnAction::AddAll(id)),
    ];
    if item.serialized {
        let toggle = |suffix| BagCallback::Edit(ReturnAction::ToggleUnit(id, suffix));
        let mut buttons = item_picker::unit_rows(view_ctx, &draft.picks, item, toggle);
        buttons.push(last_row);
        return MessageView { text: texts::returns::ask_units(lang, name, in_bag), buttons };
    }
    let step = item_picker::step_size(item.unit);
    let add = |change| BagCallback::Edit(ReturnAction::Add(id, change));
    let steps = [-10 * step, -step, step, 10 * step];
    let steps = steps.map(|change| item_picker::step_button(view_ctx, change, add)).to_vec();
    let selected = bold(&format::quantity(draft.picks.quantity(id), item.unit));
    let text = texts::returns::ask_quantity(lang, name, selected, in_bag);
    MessageView { text, buttons: vec![steps, last_row] }
}
