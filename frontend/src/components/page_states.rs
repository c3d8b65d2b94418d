//! Loading, empty and error states of a page.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::api::ApiError;
use crate::core::error_text::ErrorText;
use crate::core::load::Load;
use crate::{tl, tr};

/// Grey bars in place of loading content.
#[component]
pub fn Skeleton(#[prop(default = 6)] rows: usize) -> impl IntoView {
    view! {
        <div class="space-y-2 p-4" role="status">
            <span class="sr-only">{tl!(common.loading)}</span>
            {(0..rows).map(|_| view! { <div class="skeleton h-8 w-full"></div> }).collect_view()}
        </div>
    }
}

/// Error with a button that tries again.
#[component]
pub fn ErrorState(
    error: ApiError,
    /// Called by the button.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center gap-3 p-8 text-center" role="alert">
            <Icon name=IconName::Alert class="size-8 text-error" />
            <div>
                <p class="font-medium">{tl!(common.error.title)}</p>
                <p class="text-muted">{error.message()}</p>
            </div>
            <button type="button" class="btn btn-sm" on:click=move |_| retry.run(())>
                <Icon name=IconName::Refresh />
                {tl!(common.retry)}
            </button>
        </div>
    }
}

/// Explains why nothing is shown and what to do next.
#[component]
pub fn EmptyState(
    #[prop(into)] title: TextProp,
    #[prop(into)] hint: TextProp,
    /// The button of the next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center gap-3 p-8 text-center" data-testid="empty">
            <Icon name=IconName::Info class="size-8 text-muted" />
            <div>
                <p class="font-medium">{move || title.get()}</p>
                <p class="text-muted">{move || hint.get()}</p>
            </div>
            {children.map(|children| children())}
        </div>
    }
}

/// Skeleton, error or view of loaded data. Old content stays while newer data are loading.
#[component]
pub fn Loaded<T: Clone + PartialEq + Send + Sync + 'static>(
    data: Load<T>,
    /// Renders the data; called again when they change.
    view: impl Fn(T) -> AnyView + Send + 'static,
    #[prop(default = 6)] skeleton_rows: usize,
) -> impl IntoView {
    move || match (data.value.get(), data.error.get()) {
        (Some(value), _) => view(value),
        (None, Some(error)) => {
            view! { <ErrorState error=error retry=move |()| data.reload() /> }.into_any()
        }
        (None, None) => view! { <Skeleton rows=skeleton_rows /> }.into_any(),
    }
}

/// Page for an unknown address.
#[component]
pub fn NotFound() -> impl IntoView {
    super::page::use_title(|| tr!(common.not_found).to_owned());
    view! {
        <EmptyState title=tl!(common.not_found) hint=tl!(common.not_found_hint)>
            <a href="/" class="btn btn-sm btn-primary">{tl!(common.home)}</a>
        </EmptyState>
    }
    .into_any()
}

/// Page for a missing permission.
#[component]
pub fn Forbidden() -> impl IntoView {
    view! {
        <EmptyState title=tl!(common.forbidden) hint=tl!(common.forbidden_hint)>
            <a href="/" class="btn btn-sm btn-primary">{tl!(common.home)}</a>
        </EmptyState>
    }
    .into_any()
}
