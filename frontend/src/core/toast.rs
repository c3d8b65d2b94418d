//! Toast messages about what just happened.

use std::sync::LazyLock;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastKind {
    Success,
    Error,
    Info,
}

/// One message on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub id: u32,
    pub kind: ToastKind,
    pub text: String,
}

static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(ArcRwSignal::default);
/// Number of messages shown at once.
const MAX_TOASTS: usize = 3;

static NEXT_ID: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// Returns the messages on the screen. Tracks.
pub fn toasts() -> Vec<Toast> {
    TOASTS.get()
}

/// Removes a message.
pub fn dismiss(id: u32) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// Reports a success.
pub fn success(text: impl Into<String>) {
    show(ToastKind::Success, text.into(), 5_000);
}

/// Reports an event.
pub fn info(text: impl Into<String>) {
    show(ToastKind::Info, text.into(), 6_000);
}

/// Reports an error; stays longer, because it asks for an action.
pub fn error(text: impl Into<String>) {
    show(ToastKind::Error, text.into(), 12_000);
}

fn show(kind: ToastKind, text: String, milliseconds: u32) {
    let id = NEXT_ID.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    TOASTS.update(|toasts| {
        if toasts.len() >= MAX_TOASTS {
            toasts.remove(0);
        }
        toasts.push(Toast { id, kind, text });
    });
    spawn_local(async move {
        TimeoutFuture::new(milliseconds).await;
        dismiss(id);
    });
}
