//! Reversal of a mistaken movement.

use leptos::prelude::*;
use shared::ErrorCode;
use shared::inventory::{Movement, ReversalRequest};

use super::table::route_cell;
use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::core::labels::quantity_label;
use crate::core::toast;
use crate::{api, tl, tr};

/// The movement to reverse, and whether the dialog is open.
#[derive(Clone, Copy)]
pub struct ReversalState {
    movement: RwSignal<Option<Movement>>,
    open: RwSignal<bool>,
}

impl ReversalState {
    /// Creates a closed dialog.
    pub fn new() -> Self {
        Self { movement: RwSignal::new(None), open: RwSignal::new(false) }
    }

    /// Opens the dialog for a movement.
    pub fn ask(self, movement: Movement) {
        self.movement.set(Some(movement));
        self.open.set(true);
    }
}

/// The dialog that asks for the reason.
#[component]
pub fn ReverseDialog(reversal: ReversalState) -> impl IntoView {
    let ReversalState { movement, open } = reversal;
    view! {
        <Dialog open=open title=tl!(inventory.movements.reverse_title) testid="reverse-dialog">
            {move || movement.get().map(|movement| view! { <ReverseForm movement=movement open=open /> })}
        </Dialog>
    }
}

#[component]
fn ReverseForm(movement: Movement, open: RwSignal<bool>) -> impl IntoView {
    let form = Form::new();
    let reason = RwSignal::new(String::new());
    let id = movement.id;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let request = ReversalRequest { reason: reason.get_untracked() };
        if form.check(request.parse()).is_none() {
            return;
        }
        form.send_or_else(
            async move { api::inventory::reverse(id, &request).await },
            move |_| {
                open.set(false);
                toast::success(tr!(inventory.movements.reversed));
            },
            move |error| {
                if error.code() == Some(ErrorCode::Duplicate) {
                    form.error.set(Some(tr!(inventory.movements.reversed_before).to_owned()));
                }
            },
        );
    };
    let (quantity, unit) = (movement.quantity, movement.unit);
    view! {
        <form class="flex flex-col gap-3" on:submit=submit novalidate>
            <div class="rounded-field bg-base-200 px-3 py-2">
                <p class="font-medium">
                    {movement.item_code.clone()} " · " {move || quantity_label(quantity, unit)}
                </p>
                <p class="text-sm text-muted">{route_cell(&movement)}</p>
            </div>
            <p class="text-muted">{tl!(inventory.movements.reverse_hint)}</p>
            <FormError form=form />
            <TextField
                form=form
                name="reason"
                label=tl!(inventory.movements.reason)
                value=reason
                required=true
                autofocus=true
            />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(inventory.movements.reverse) testid="reverse-submit" />
            </DialogButtons>
        </form>
    }
}
