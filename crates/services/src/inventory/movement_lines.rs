//! Lines of a movement request, joined with their items.

use db::Conn;
use db::tables::items::{self, ItemRow};
use db::tables::locations::LocationRow;
use shared::inventory::{Line, MAX_QUANTITY, quantity_of_packs};
use shared::validate::Validator;
use shared::{ErrorCode, ItemId};

use crate::error::Result;
use crate::inventory::ledger::PostingLine;

/// A line whose item exists and whose serial numbers match the kind of item.
#[derive(Debug, Clone)]
pub(super) struct ResolvedLine {
    /// Index of the line in the request.
    pub index: usize,
    pub item: ItemRow,
    /// Negative in adjustments only.
    pub quantity: i64,
    pub serials: Vec<String>,
}

/// Joins validated lines with their items. `field` holds the lines in the request.
pub(super) fn resolve_lines(
    conn: &mut Conn,
    field: &str,
    lines: &[Line],
) -> Result<Vec<ResolvedLine>> {
    let ids: Vec<_> = lines.iter().map(|line| line.item_id).collect();
    let items = items::find_all(conn, &ids)?;
    let mut check = Validator::default();
    let mut all = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let path = format!("{field}[{index}]");
        let Some(item) = items.iter().find(|item| item.id == line.item_id) else {
            check.fail::<()>(&format!("{path}.item_id"), ErrorCode::UnknownReference);
            continue;
        };
        let serials_field = format!("{path}.serial_numbers");
        let serials = line.serial_numbers.clone().unwrap_or_default();
        if item.serialized && serials.is_empty() {
            let count = line.quantity.abs();
            check.fail_with::<()>(&serials_field, ErrorCode::SerialsRequired, count);
        } else if !item.serialized && !serials.is_empty() {
            check.fail::<()>(&serials_field, ErrorCode::SerialsNotAllowed);
        }
        all.push(ResolvedLine { index, item: item.clone(), quantity: line.quantity, serials });
    }
    Ok(check.finish(Some(all))?)
}

/// Converts the packs of these items into quantities.
///
/// # Errors
/// `NoPackSize`, `OutOfRange`.
pub(super) fn count_packs(
    field: &str,
    lines: &mut [ResolvedLine],
    in_packs: &[ItemId],
) -> Result<()> {
    let mut check = Validator::default();
    for line in lines.iter_mut().filter(|line| in_packs.contains(&line.item.id)) {
        let path = format!("{field}[{}].quantity", line.index);
        let Some(size) = line.item.pack_size else {
            check.fail::<()>(&path, ErrorCode::NoPackSize);
            continue;
        };
        match quantity_of_packs(line.quantity, size) {
            Some(quantity) => line.quantity = quantity,
            None => {
                let most = MAX_QUANTITY / size;
                check.fail_with::<()>(&path, ErrorCode::OutOfRange, format!("1–{most}"));
            }
        }
    }
    Ok(check.finish(Some(()))?)
}

/// Lines to post that move everything from one location to another.
pub(super) fn lines_between(
    from: &LocationRow,
    to: &LocationRow,
    lines: Vec<ResolvedLine>,
) -> Vec<PostingLine> {
    let line = |ResolvedLine { index, item, quantity, serials }| {
        let (from, to) = (from.clone(), to.clone());
        PostingLine { index, item, quantity, from, to, serials }
    };
    lines.into_iter().map(line).collect()
}
