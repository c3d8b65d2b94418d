//! Plans by what lists call them: code, name or speed.

use std::collections::HashMap;

use db::tables::plans::PlanRow;
use shared::PlanId;

/// Finds plans by their names in a file.
#[derive(Debug, Default)]
pub(super) struct PlanNames {
    /// Codes and names without case, blanks and punctuation.
    names: HashMap<String, PlanId>,
    /// Speeds in Mbps that only one plan has.
    speeds: HashMap<i32, Option<PlanId>>,
    /// Code and name of every plan, by code.
    plans: Vec<(PlanId, String, String)>,
}

impl PlanNames {
    pub(super) fn new(plans: &[PlanRow]) -> Self {
        let listed = |plan: &PlanRow| (plan.id, plan.code.clone(), plan.name.clone());
        let mut known = Self { plans: plans.iter().map(listed).collect(), ..Self::default() };
        for plan in plans {
            known.names.entry(plain(&plan.name)).or_insert(plan.id);
            let speed = known.speeds.entry(plan.speed_mbps).or_insert(Some(plan.id));
            if *speed != Some(plan.id) {
                *speed = None;
            }
        }
        // A code names its plan even if another plan is called like it.
        known.names.extend(plans.iter().map(|plan| (plain(&plan.code), plan.id)));
        known
    }

    /// The code of a plan.
    pub(super) fn code(&self, id: PlanId) -> Option<&str> {
        self.plans.iter().find(|(plan, ..)| *plan == id).map(|(_, code, _)| code.as_str())
    }

    /// Code and name of every plan.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.plans.iter().map(|(_, code, name)| (code.as_str(), name.as_str()))
    }

    /// The plan with this code, this name or, if only one has it, this speed (`5 Mbps`, `10M`).
    pub(super) fn find(&self, text: &str) -> Option<PlanId> {
        let named = self.names.get(&plain(text)).copied();
        named.or_else(|| self.speeds.get(&speed(text)?).copied().flatten())
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The number before the unit, if the text holds nothing but a speed.
fn speed(text: &str) -> Option<i32> {
    let plain = text.to_lowercase().replace(' ', "");
    let plain = ["upto", "s/d"].iter().find_map(|word| plain.strip_prefix(word)).unwrap_or(&plain);
    let end = plain.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(plain.len());
    let unit = matches!(&plain[end..], "mbps" | "mb/s" | "mbit" | "mb" | "m" | "mbit/s");
    unit.then(|| plain[..end].parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::speed;

    #[test]
    fn a_speed_is_a_number_with_its_unit() {
        for text in ["20 Mbps", "20Mbps", "20 M", "20mb/s", "Up to 20 Mbps"] {
            assert_eq!(speed(text), Some(20), "{text}");
        }
        for text in ["20", "HOME-20", "20 ribu", "Mbps", "20 Mbps Promo"] {
            assert_eq!(speed(text), None, "{text}");
        }
    }
}
