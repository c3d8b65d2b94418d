//! State of a form: faults, sending once, waiting after too many attempts.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::validate::FieldFault;
use shared::{ErrorCode, FieldError};
use wasm_bindgen::JsCast;

use super::icon::{Icon, IconName};
use crate::api::{ApiError, ApiResult};
use crate::core::error_text::ErrorText;
use crate::core::format;
use crate::core::i18n::lang_untracked;
use crate::{tl, tr};

/// The state of a form. Copy it into fields and handlers.
#[derive(Clone, Copy)]
pub struct Form {
    faults: RwSignal<Vec<FieldError>>,
    /// What is wrong with the form as a whole.
    pub error: RwSignal<Option<String>>,
    pub pending: RwSignal<bool>,
    /// Seconds until the server accepts another attempt.
    retry_in: RwSignal<u32>,
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

impl Form {
    /// Creates a form without faults.
    pub fn new() -> Self {
        Self {
            faults: RwSignal::new(Vec::new()),
            error: RwSignal::new(None),
            pending: RwSignal::new(false),
            retry_in: RwSignal::new(0),
        }
    }

    /// Returns the message of a field's fault. Tracks.
    pub fn fault(self, field: &str) -> Option<String> {
        self.faults.with(|faults| {
            faults.iter().find(|fault| fault.field == field).map(|fault| fault.message.clone())
        })
    }

    /// Returns the faults of every field below a path. Tracks.
    pub fn faults_under(self, path: &str) -> Vec<FieldError> {
        self.faults.with(|faults| {
            faults.iter().filter(|fault| fault.field.starts_with(path)).cloned().collect()
        })
    }

    /// Removes the faults of every field below a path.
    pub fn clear_faults_under(self, path: &str) {
        let below = |fault: &FieldError| fault.field.starts_with(path);
        if self.faults.with_untracked(|faults| faults.iter().any(below)) {
            self.faults.update(|faults| faults.retain(|fault| !below(fault)));
        }
    }

    /// Removes the fault of a field that is being changed.
    pub fn clear_fault(self, field: &str) {
        if self.faults.with_untracked(|faults| faults.iter().any(|fault| fault.field == field)) {
            self.faults.update(|faults| faults.retain(|fault| fault.field != field));
        }
    }

    /// Shows the faults of a local check; returns the checked value if there are none.
    pub fn check<T>(self, parsed: Result<T, Vec<FieldFault>>) -> Option<T> {
        match parsed {
            Ok(value) => {
                self.faults.set(Vec::new());
                self.error.set(None);
                Some(value)
            }
            Err(faults) => {
                let lang = lang_untracked();
                self.show_faults(faults.iter().map(|fault| fault.render(lang)).collect());
                None
            }
        }
    }

    /// Marks a field with a fault that only the form can detect.
    pub fn set_fault(self, field: &str, message: &str) {
        let (field, message) = (field.to_owned(), message.to_owned());
        self.show_faults(vec![FieldError { field, code: ErrorCode::WrongType, message }]);
    }

    /// Sends a request unless one is being sent already. A refusal marks the fields that the server names.
    pub fn send<T: 'static>(
        self,
        request: impl Future<Output = ApiResult<T>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        self.send_or_else(request, done, |_| {});
    }

    /// Like [`Form::send`], and passes a refusal to `refused` too.
    pub fn send_or_else<T: 'static>(
        self,
        request: impl Future<Output = ApiResult<T>> + 'static,
        done: impl FnOnce(T) + 'static,
        refused: impl FnOnce(&ApiError) + 'static,
    ) {
        if self.pending.get_untracked() || self.retry_in.get_untracked() > 0 {
            return;
        }
        self.pending.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = request.await;
            // The form may be gone by now; the request was processed all the same.
            self.pending.try_set(false);
            match answer {
                Ok(value) => done(value),
                Err(error) => {
                    self.show_error(&error);
                    refused(&error);
                }
            }
        });
    }

    fn show_error(self, error: &ApiError) {
        if error.fields().is_empty() {
            let too_many =
                matches!(error.code(), Some(ErrorCode::TooManyAttempts | ErrorCode::RateLimited));
            let text = match error.retry_after() {
                // The countdown beside it names the seconds.
                Some(_) if too_many => tr!(common.error.too_many).to_owned(),
                _ => error.message(),
            };
            self.error.try_set(Some(text));
            if let Some(seconds) = error.retry_after() {
                self.start_countdown(seconds);
            }
        } else {
            self.show_faults(error.fields().to_vec());
        }
    }

    /// Returns whether the form waits until the next attempt. Tracks.
    fn is_waiting(self) -> bool {
        self.retry_in.get() > 0
    }

    /// Blocks the form until the server accepts another attempt.
    fn start_countdown(self, seconds: u32) {
        let end = js_sys::Date::now() + f64::from(seconds) * 1_000.0;
        self.retry_in.try_set(seconds);
        spawn_local(async move {
            loop {
                TimeoutFuture::new(1_000).await;
                let left = ((end - js_sys::Date::now()) / 1_000.0).ceil().max(0.0) as u32;
                if self.retry_in.try_set(left).is_some() {
                    return;
                }
                if left == 0 {
                    self.error.try_set(None);
                    return;
                }
            }
        });
    }

    fn show_faults(self, faults: Vec<FieldError>) {
        self.faults.try_set(faults);
        self.error.try_set(Some(tr!(common.error.fields).to_owned()));
        // The fields are marked in the next frame.
        request_animation_frame(focus_first_fault);
    }
}

/// Focuses the first field with a fault. A group of controls cannot have the focus: its checked or its first control
/// gets it.
fn focus_first_fault() {
    const MARKED: &str = "form :is([aria-invalid=true], fieldset[data-invalid=true])";
    let Ok(Some(marked)) = document().query_selector(MARKED) else { return };
    let inside = |selector: &str| marked.query_selector(selector).ok().flatten();
    let control = inside("input:checked").or_else(|| inside("input")).unwrap_or(marked.clone());
    let _ = control.unchecked_into::<web_sys::HtmlElement>().focus();
}

/// Error of the form as a whole. It comes into view when it appears, unless a field with a fault gets the focus.
#[component]
pub fn FormError(form: Form) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        if let (Some(_), Some(alert)) = (form.error.get(), node.get()) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            alert.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    move || {
        form.error.get().map(|text| {
            view! {
                <div node_ref=node class="alert alert-error alert-soft py-2" data-testid="form-error">
                    <Icon name=IconName::Alert />
                    <div>
                        <p role="alert">{text}</p>
                        <Countdown form=form />
                    </div>
                </div>
            }
        })
    }
}

/// Time until the next attempt. Screen readers read it on demand, not every second.
#[component]
fn Countdown(form: Form) -> impl IntoView {
    let text = move || {
        tr!(common.error.again_in, span = format::countdown(form.retry_in.get())).to_string()
    };
    view! {
        <Show when=move || form.is_waiting()>
            <p role="timer" aria-live="off" data-testid="form-wait">{text}</p>
        </Show>
    }
}

/// Submit button.
#[component]
pub fn SubmitButton(
    form: Form,
    #[prop(into)] label: TextProp,
    #[prop(default = "btn btn-primary")] class: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(default = "submit")] testid: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class=class
            disabled=move || form.pending.get() || form.is_waiting() || disabled.get()
            data-testid=testid
        >
            <Show when=move || form.pending.get()>
                <span class="loading loading-spinner loading-xs" aria-hidden="true"></span>
            </Show>
            {move || if form.pending.get() { tr!(common.saving).into() } else { label.get() }}
        </button>
    }
}

/// Note about the mark of required fields.
#[component]
pub fn RequiredNote() -> impl IntoView {
    view! { <p class="text-sm text-muted">{tl!(common.required_note)}</p> }
}
