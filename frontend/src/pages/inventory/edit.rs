//! Page that edits an item. Its stock changes by movements only.

use leptos::prelude::*;
use shared::Permission;
use shared::inventory::{Item, ItemDetail};

use super::fields::{ItemDraft, ItemFields};
use crate::components::conflict_notice::EditedResource;
use crate::components::form::Form;
use crate::components::resource_form::{EditForm, EditPage};
use crate::core::load::Load;
use crate::{api, tl};

/// The page with the form.
#[component]
pub fn EditItemPage() -> impl IntoView {
    view! {
        <EditPage
            title=tl!(inventory.edit)
            permission=Permission::InventoryWrite
            fetch=api::inventory::get
            form=|detail: ItemDetail, load| {
                view! { <ItemForm item=detail.item load=load /> }.into_any()
            }
        />
    }
    .into_any()
}

#[component]
fn ItemForm(item: Item, load: Load<ItemDetail>) -> impl IntoView {
    let form = Form::new();
    let draft = ItemDraft::new(Some(&item));
    let id = item.id;
    view! {
        <EditForm
            form=form
            testid="item-form"
            load=load
            resource=EditedResource::Item(id)
            version_of=|detail: &ItemDetail| detail.item.version
            page=format!("/inventory/{id}")
            read=move || draft.request()
            update=move |input, version| async move {
                api::inventory::update(id, &input, version).await
            }
        >
            <ItemFields form=form draft=draft />
        </EditForm>
    }
}
