//! Numbers, distances and quantities.

use shared::Lang;
use shared::inventory::ItemUnit;

use crate::texts;

/// A number with at most `digits` decimals, without trailing zeros.
pub fn decimal(lang: Lang, value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let text = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => &text,
    };
    let text = if text == "-0" { "0" } else { text };
    text.replace('.', texts::format::decimal_separator(lang))
}

/// A distance: `800 m`, `2,3 km`, `15 km`.
pub fn distance(lang: Lang, km: f64) -> String {
    if km < 0.95 {
        let metres = (km * 10.0).round().max(1.0) * 100.0;
        format!("{metres:.0} m")
    } else {
        format!("{} km", decimal(lang, km, usize::from(km < 9.95)))
    }
}

/// A quantity of an item: `35 m`, `2 pcs`.
pub fn quantity(quantity: i64, unit: ItemUnit) -> String {
    format!("{quantity} {}", unit.symbol())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_separator_of_the_language() {
        assert_eq!(decimal(Lang::Id, -21.5, 2), "-21,5");
        assert_eq!(decimal(Lang::En, -21.5, 2), "-21.5");
        assert_eq!(decimal(Lang::Id, -21.0, 2), "-21");
        assert_eq!(decimal(Lang::Id, -0.001, 2), "0");
        assert_eq!(decimal(Lang::Id, 100.0, 0), "100");
    }

    #[test]
    fn short_distances_are_in_metres_and_long_ones_without_decimals() {
        assert_eq!(distance(Lang::Id, 0.0), "100 m");
        assert_eq!(distance(Lang::Id, 0.83), "800 m");
        assert_eq!(distance(Lang::Id, 0.96), "1 km");
        assert_eq!(distance(Lang::Id, 2.34), "2,3 km");
        assert_eq!(distance(Lang::En, 2.34), "2.3 km");
        assert_eq!(distance(Lang::Id, 15.2), "15 km");
    }
}
