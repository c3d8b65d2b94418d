//! Refusals as text.

use services::Refusal;
use shared::Lang;

/// The reason of a refusal, or one line per field that is wrong.
pub fn refusal_text(lang: Lang, refusal: &Refusal) -> String {
    if refusal.faults.is_empty() {
        return refusal.code.message(lang, refusal.param.as_deref());
    }
    let faults = refusal.faults.iter().map(|fault| fault.render(lang).message);
    faults.collect::<Vec<_>>().join("\n")
}
