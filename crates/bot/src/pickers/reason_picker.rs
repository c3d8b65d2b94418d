//! Asking for a reason: ready-made reasons as buttons, or one that is typed.

use shared::Lang;
use shared::validate::MAX_REASON_CHARS;

use crate::callback_data::CallbackData;
use crate::html::bold;
use crate::incoming_update::Input;
use crate::message_view::MessageView;
use crate::texts;
use crate::view_context::ViewContext;

/// What a button of the picker stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonChoice {
    /// The ready-made reason at this position.
    Ready(usize),
    /// A reason that will be typed.
    Custom,
    /// Back to what the message showed before.
    Back,
}

/// A question with ready-made reasons.
pub struct ReasonPicker<'a> {
    pub question: &'a str,
    /// Buttons hold positions in this list, so new reasons go to its end.
    pub ready: &'a [&'a str],
    pub per_row: usize,
    pub back_label: &'a str,
}

impl ReasonPicker<'_> {
    /// Adds the question below `text`, with a button for every choice.
    pub fn view<C: Into<CallbackData>>(
        &self,
        view_ctx: ViewContext<'_>,
        text: &str,
        callback: impl Fn(ReasonChoice) -> C,
    ) -> MessageView {
        let button = |label: &str, choice| view_ctx.button(label, callback(choice));
        let ready = self.ready.iter().enumerate();
        let ready: Vec<_> =
            ready.map(|(index, label)| button(label, ReasonChoice::Ready(index))).collect();
        let mut buttons: Vec<_> = ready.chunks(self.per_row).map(<[_]>::to_vec).collect();
        buttons.push(vec![
            button(texts::reasons::other(view_ctx.lang), ReasonChoice::Custom),
            button(self.back_label, ReasonChoice::Back),
        ]);
        MessageView { text: format!("{text}\n\n{}", bold(self.question)), buttons }
    }
}

/// Asks to type the reason; one button leads back.
pub fn custom_reason_view(
    view_ctx: ViewContext<'_>,
    number: &str,
    question: &str,
    back: impl Into<CallbackData>,
) -> MessageView {
    let request = texts::reasons::type_it(view_ctx.lang, question);
    let back = view_ctx.button(texts::common::back(view_ctx.lang), back);
    MessageView { text: format!("{}\n{request}", bold(number)), buttons: vec![vec![back]] }
}

/// Returns the typed reason.
///
/// # Errors
/// The text that answers an input that is no reason: no text, an empty one, or one that is too long.
pub fn typed_reason(lang: Lang, input: &Input) -> Result<&str, String> {
    match input {
        Input::Text(text) if text.chars().count() > MAX_REASON_CHARS => {
            Err(texts::common::too_long(lang, MAX_REASON_CHARS))
        }
        Input::Text(text) if !text.trim().is_empty() => Ok(text.trim()),
        _ => Err(texts::reasons::prompt(lang).to_owned()),
    }
}
