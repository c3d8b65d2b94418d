//! Toast messages, announced by screen readers.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::core::toast::{self, Toast, ToastKind};
use crate::tl;

/// The list of messages in the corner of the screen.
#[component]
pub fn Toasts() -> impl IntoView {
    view! {
        <div
            class="toast toast-end z-50 max-sm:bottom-16 max-sm:w-full"
            role="status"
            aria-live="polite"
            data-testid="toasts"
        >
            <For each=toast::toasts key=|toast| toast.id let:toast>
                <ToastItem toast=toast />
            </For>
        </div>
    }
}

#[component]
fn ToastItem(toast: Toast) -> impl IntoView {
    let (class, icon) = match toast.kind {
        ToastKind::Success => ("size-5 shrink-0 text-success", IconName::CheckCircle),
        ToastKind::Error => ("size-5 shrink-0 text-error", IconName::Alert),
        ToastKind::Info => ("size-5 shrink-0 text-info", IconName::Info),
    };
    view! {
        <div class="flex items-center gap-3 rounded-box border border-base-300 bg-base-100 py-2 pr-2 pl-3 shadow-md">
            <Icon name=icon class=class />
            <span class="max-w-96 grow whitespace-normal">{toast.text}</span>
            <button
                type="button"
                class="btn btn-ghost btn-xs btn-square"
                aria-label=tl!(common.dismiss)
                on:click=move |_| toast::dismiss(toast.id)
            >
                <Icon name=IconName::Close />
            </button>
        </div>
    }
}
