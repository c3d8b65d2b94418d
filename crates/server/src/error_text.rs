//! Error messages for the terminal.

use services::Error;
use shared::Lang;

/// Renders an error for the terminal.
pub(crate) fn error_text(error: &Error, lang: Lang) -> String {
    match error {
        Error::Refused(refusal) if refusal.faults.is_empty() => {
            refusal.code.message(lang, refusal.param.as_deref())
        }
        Error::Refused(refusal) => {
            let faults = refusal.faults.iter().map(|fault| fault.render(lang));
            faults.map(|f| format!("{}: {}", f.field, f.message)).collect::<Vec<_>>().join("; ")
        }
        Error::Db(error) => error.to_string(),
    }
}
