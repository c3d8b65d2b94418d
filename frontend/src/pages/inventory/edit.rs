//! Changing the facts of an item. Its stock changes by movements only.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::inventory::{Item, ItemDetail};
use shared::{ItemId, Permission};

use super::fields::{ItemDraft, ItemFields};
use crate::components::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use crate::components::form::{Form, FormError, RequiredNote, SubmitButton};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{Forbidden, Loaded, NotFound};
use crate::core::load::{Load, use_load_once};
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn EditItemPage() -> impl IntoView {
    if !session::can(Permission::InventoryWrite) {
        return view! { <Forbidden /> }.into_any();
    }
    let params = use_params_map();
    let id: Option<ItemId> = params.read_untracked().get("id").and_then(|id| id.parse().ok());
    let Some(id) = id else { return view! { <NotFound /> }.into_any() };
    let load = use_load_once(move || api::inventory::get(id));
    view! {
        <PageHeader title=tl!(inventory.edit) />
        <Loaded
            data=load
            view=move |detail| view! { <EditForm item=detail.item load=load /> }.into_any()
        />
    }
    .into_any()
}

#[component]
fn EditForm(item: Item, load: Load<ItemDetail>) -> impl IntoView {
    let form = Form::new();
    let draft = ItemDraft::new(Some(&item));
    let navigate = use_navigate();
    let page = format!("/inventory/{}", item.id);
    let back = page.clone();
    let id = item.id;
    let lock =
        OptimisticLock::new(load, EditedResource::Item(id), |one: &ItemDetail| one.item.version);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(input) = form.check(draft.request()) else { return };
        let (version, navigate, page) = (lock.version(), navigate.clone(), page.clone());
        form.send_or_else(
            async move { api::inventory::update(id, &input, version).await },
            move |_| {
                toast::success(tr!(common.saved));
                navigate(&page, NavigateOptions::default());
            },
            move |error| lock.on_refused(form, error),
        );
    };
    view! {
        <Card class="max-w-2xl">
            <form class="flex flex-col gap-4 p-4" on:submit=submit novalidate data-testid="item-form">
                <FormError form=form />
                <ConflictNotice conflict=lock.conflict />
                <ItemFields form=form draft=draft />
                <RequiredNote />
                <div class="flex justify-end gap-2">
                    <a href=back class="btn btn-ghost">
                        {tl!(common.cancel)}
                    </a>
                    <SubmitButton form=form label=tl!(common.save) />
                </div>
            </form>
        </Card>
    }
}
