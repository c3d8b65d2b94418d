//! Lines of a movement.

use super::items::MAX_QUANTITY;
use crate::error::ErrorCode;
use crate::ids::ItemId;
use crate::validate::Validator;
use serde::{Deserialize, Serialize};

/// One item of a movement. The quantity is positive; only adjustments have a sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub item_id: ItemId,
    pub quantity: i64,
    /// One per unit; serialised items only.
    #[serde(default)]
    pub serial_numbers: Option<Vec<String>>,
}

/// Maximum lines of one request.
pub const MAX_LINES: usize = 200;

/// Validates the lines of a movement; quantities must be positive.
pub fn parse_lines(check: &mut Validator, field: &str, lines: &[Line]) -> Option<Vec<Line>> {
    parse(check, field, lines, false)
}

/// Validates the lines of an adjustment; quantities have a sign and must not be zero.
pub fn parse_signed_lines(check: &mut Validator, field: &str, lines: &[Line]) -> Option<Vec<Line>> {
    parse(check, field, lines, true)
}

fn parse(check: &mut Validator, field: &str, lines: &[Line], signed: bool) -> Option<Vec<Line>> {
    if lines.is_empty() {
        return check.fail(field, ErrorCode::Required);
    }
    if lines.len() > MAX_LINES {
        return check.fail_with(field, ErrorCode::TooMany, MAX_LINES);
    }
    let parsed = lines.iter().enumerate().map(|(index, line)| {
        let path = format!("{field}[{index}]");
        if lines[..index].iter().any(|earlier| earlier.item_id == line.item_id) {
            check.fail::<()>(&format!("{path}.item_id"), ErrorCode::Taken);
        }
        parse_line(check, &path, line, signed)
    });
    parsed.collect::<Vec<_>>().into_iter().collect()
}

fn parse_line(check: &mut Validator, path: &str, line: &Line, signed: bool) -> Option<Line> {
    let quantity_field = format!("{path}.quantity");
    if line.quantity == 0 || (line.quantity < 0 && !signed) {
        return check.fail(&quantity_field, ErrorCode::NotPositive);
    }
    check.range(&quantity_field, line.quantity, -MAX_QUANTITY, MAX_QUANTITY)?;
    let serial_numbers = line.serial_numbers.as_deref().filter(|serials| !serials.is_empty());
    let serial_numbers = match serial_numbers {
        None => None,
        Some(serials) => {
            let field = format!("{path}.serial_numbers");
            if serials.len() as u64 != line.quantity.unsigned_abs() {
                return check.fail_with(&field, ErrorCode::SerialsRequired, line.quantity.abs());
            }
            let mut clean: Vec<String> = Vec::with_capacity(serials.len());
            for (index, serial) in serials.iter().enumerate() {
                let serial_field = format!("{field}[{index}]");
                // A line break separates two serial numbers.
                if serial.trim().contains(['\n', '\r', '\t']) {
                    return check.fail(&serial_field, ErrorCode::InvalidText);
                }
                let serial = check.serial_number(&serial_field, serial)?;
                if clean.contains(&serial) {
                    return check.fail(&serial_field, ErrorCode::Taken);
                }
                clean.push(serial);
            }
            Some(clean)
        }
    };
    Some(Line { item_id: line.item_id, quantity: line.quantity, serial_numbers })
}
