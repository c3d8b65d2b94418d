//! Where short messages appear; screen readers say them when they come.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::core::toast::{self, Toast, ToastKind};
use crate::tl;

/// The place of the messages.
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
                <OneToast toast=toast />
            </For>
        </div>
    }
}

#[component]
fn OneToast(toast: Toast) -> impl IntoView {
    let (class, icon) = match toast.kind {
        ToastKind::Success => ("alert alert-success py-2 shadow-md", IconName::CheckCircle),
        ToastKind::Error => ("alert alert-error py-2 shadow-md", IconName::Alert),
        ToastKind::Info => ("alert py-2 shadow-md", IconName::Info),
    };
    view! {
        <div class=class>
            <Icon name=icon class="size-5 shrink-0" />
            <span class="max-w-96 whitespace-normal">{toast.text}</span>
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
