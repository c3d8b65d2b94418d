//! Numbers as they are written in Indonesia: a comma before the decimals.

use shared::inventory::ItemUnit;

/// A number with so many decimals; those that are zero are left out.
pub fn decimal(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let text = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => &text,
    };
    let text = if text == "-0" { "0" } else { text };
    text.replace('.', ",")
}

/// A way: `800 m`, `2,3 km`, `15 km`.
pub fn distance(km: f64) -> String {
    if km < 0.95 {
        let metres = (km * 10.0).round().max(1.0) * 100.0;
        format!("{metres:.0} m")
    } else {
        format!("{} km", decimal(km, usize::from(km < 9.95)))
    }
}

/// Goods: `35 m`, `2 pcs`.
pub fn quantity(quantity: i64, unit: ItemUnit) -> String {
    format!("{quantity} {}", unit.symbol())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_a_comma() {
        assert_eq!(decimal(-21.5, 2), "-21,5");
        assert_eq!(decimal(-21.0, 2), "-21");
        assert_eq!(decimal(-0.001, 2), "0");
        assert_eq!(decimal(100.0, 0), "100");
    }

    #[test]
    fn short_distances_are_in_metres_and_long_ones_without_decimals() {
        assert_eq!(distance(0.0), "100 m");
        assert_eq!(distance(0.83), "800 m");
        assert_eq!(distance(0.96), "1 km");
        assert_eq!(distance(2.34), "2,3 km");
        assert_eq!(distance(15.2), "15 km");
    }
}
