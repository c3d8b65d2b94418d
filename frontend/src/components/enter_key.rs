//! The Enter key in forms that are filled with a scanner.

use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Moves from a single-line field to the next field instead of sending the form: a barcode scanner ends each
/// code with Enter, long before the rest is filled in. Only the button sends.
pub fn go_to_next_field(event: &KeyboardEvent) {
    let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    if event.key() != "Enter" || field.tag_name() != "INPUT" {
        return;
    }
    event.prevent_default();
    let Ok(Some(form)) = field.closest("form") else { return };
    let Ok(fields) = form.query_selector_all("input, textarea, select, button[type=submit]") else {
        return;
    };
    let all = (0..fields.length()).filter_map(|index| fields.item(index));
    let after = all.skip_while(|node| !node.is_same_node(Some(&field))).nth(1);
    if let Some(next) = after.and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}
