//! Page that creates an item.

use leptos::prelude::*;
use shared::Permission;
use shared::inventory::Item;

use super::fields::{ItemDraft, ItemFields};
use crate::components::form::Form;
use crate::components::resource_form::{CreateForm, CreatePage};
use crate::{api, tl, tr};

/// The page with the form.
#[component]
pub fn NewItemPage() -> impl IntoView {
    let form = Form::new();
    let draft = ItemDraft::new(None);
    view! {
        <CreatePage
            title=tl!(inventory.new)
            permission=Permission::InventoryWrite
            list="/inventory"
            list_name=tl!(inventory.title)
        >
            <CreateForm
                form=form
                testid="item-form"
                list="/inventory"
                read=move || draft.request()
                create=|input| async move { api::inventory::create(&input).await }
                on_created=|item: Item| {
                    let page = format!("/inventory/{}", item.id);
                    (tr!(inventory.created, code = item.code).to_string(), page)
                }
            >
                <ItemFields form=form draft=draft />
            </CreateForm>
        </CreatePage>
    }
    .into_any()
}
