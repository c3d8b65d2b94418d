//! Forms and pages that create or edit a resource.
//!
//! - [`ResourceForm`]: the form itself with error line, note about required fields and buttons.
//! - [`CreatePage`] and [`CreateForm`]: a new resource; afterwards its page opens.
//! - [`EditPage`] and [`EditForm`]: a stored resource; the version that was read goes with the request, and a newer one
//!   is shown as a conflict.

use std::future::Future;
use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use serde::Serialize;
use shared::Permission;
use shared::validate::FieldFault;

use super::back_link::BackLink;
use super::conflict_notice::{Conflict, ConflictNotice, EditedResource, OptimisticLock};
use super::form::{Form, FormError, RequiredNote, SubmitButton};
use super::page::{Card, PageHeader};
use super::page_states::{Forbidden, Loaded, NotFound};
use crate::api::ApiResult;
use crate::core::load::{Load, use_load_once};
use crate::core::{session, toast};
use crate::{tl, tr};

/// A form with the fields of a resource as children.
#[component]
pub fn ResourceForm(
    form: Form,
    #[prop(into)] on_submit: Callback<()>,
    /// The page that "Cancel" opens.
    #[prop(into)]
    cancel: String,
    /// Label of the submit button; "Save" when absent.
    #[prop(optional, into)]
    submit: Option<TextProp>,
    #[prop(optional_no_strip)] conflict: Option<Conflict>,
    #[prop(default = "resource-form")] testid: &'static str,
    children: Children,
) -> impl IntoView {
    let submit = submit.unwrap_or_else(|| tl!(common.save).into());
    view! {
        <form
            class="flex flex-col gap-4 p-4"
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
            novalidate
            data-testid=testid
        >
            <FormError form=form />
            {conflict.map(|conflict| view! { <ConflictNotice conflict=conflict /> })}
            {children()}
            <RequiredNote />
            <div class="flex justify-end gap-2">
                <a href=cancel class="btn btn-ghost">
                    {tl!(common.cancel)}
                </a>
                <SubmitButton form=form label=submit />
            </div>
        </form>
    }
}

/// The page of a form that creates a resource. The children are built only for those who may create one.
#[component]
pub fn CreatePage(
    #[prop(into)] title: TextProp,
    permission: Permission,
    /// Address and name of the list above.
    list: &'static str,
    #[prop(into)] list_name: TextProp,
    children: Children,
) -> impl IntoView {
    if !session::can(permission) {
        return view! { <Forbidden /> }.into_any();
    }
    view! {
        <BackLink href=list label=list_name />
        <PageHeader title=title />
        <Card class="max-w-2xl">{children()}</Card>
    }
    .into_any()
}

/// Creates a resource and opens its page.
#[component]
pub fn CreateForm<I, T, F>(
    form: Form,
    testid: &'static str,
    /// The list that "Cancel" opens.
    list: &'static str,
    /// Reads and checks the fields.
    read: impl Fn() -> Result<I, Vec<FieldFault>> + Send + Sync + 'static,
    create: fn(I) -> F,
    /// Returns the message about the new resource, and its page.
    on_created: fn(T) -> (String, String),
    children: Children,
) -> impl IntoView
where
    I: 'static,
    T: 'static,
    F: Future<Output = ApiResult<T>> + 'static,
{
    let navigate = use_navigate();
    let submit = move |()| {
        let Some(input) = form.check(read()) else { return };
        let navigate = navigate.clone();
        form.send(create(input), move |created| {
            let (message, page) = on_created(created);
            toast::success(message);
            navigate(&page, NavigateOptions::default());
        });
    };
    view! {
        <ResourceForm form=form on_submit=submit cancel=list testid=testid>
            {children()}
        </ResourceForm>
    }
}

/// The page of a form that edits the resource of the address (`:id`).
#[component]
pub fn EditPage<Id, T, F>(
    #[prop(into)] title: TextProp,
    permission: Permission,
    fetch: fn(Id) -> F,
    /// Returns the form for the loaded resource.
    form: fn(T, Load<T>) -> AnyView,
) -> impl IntoView
where
    Id: FromStr + Copy + 'static,
    T: Clone + PartialEq + Serialize + Send + Sync + 'static,
    F: Future<Output = ApiResult<T>> + 'static,
{
    if !session::can(permission) {
        return view! { <Forbidden /> }.into_any();
    }
    let params = use_params_map();
    let id: Option<Id> = params.read_untracked().get("id").and_then(|id| id.parse().ok());
    let Some(id) = id else { return view! { <NotFound /> }.into_any() };
    let load = use_load_once(move || fetch(id));
    view! {
        <PageHeader title=title />
        <Loaded data=load view=move |resource| form(resource, load) />
    }
    .into_any()
}

/// Edits a resource and goes back to its page.
#[component]
pub fn EditForm<T, I, R, F>(
    form: Form,
    testid: &'static str,
    load: Load<T>,
    resource: EditedResource,
    version_of: fn(&T) -> i64,
    /// The page of the resource.
    #[prop(into)]
    page: String,
    /// Number and name of the resource, shown above the fields.
    #[prop(optional)]
    heading: Option<(String, String)>,
    /// Reads and checks the fields.
    read: impl Fn() -> Result<I, Vec<FieldFault>> + Send + Sync + 'static,
    /// Sends the request for a version.
    update: impl Fn(I, i64) -> F + Send + Sync + 'static,
    children: Children,
) -> impl IntoView
where
    T: Clone + PartialEq + Serialize + Send + Sync + 'static,
    I: 'static,
    R: 'static,
    F: Future<Output = ApiResult<R>> + 'static,
{
    let lock = OptimisticLock::new(load, resource, version_of);
    let navigate = use_navigate();
    let cancel = page.clone();
    let submit = move |()| {
        let Some(input) = form.check(read()) else { return };
        let (navigate, page) = (navigate.clone(), page.clone());
        form.send_or_else(
            update(input, lock.version()),
            move |_| {
                toast::success(tr!(common.saved));
                navigate(&page, NavigateOptions::default());
            },
            move |error| lock.on_refused(form, error),
        );
    };
    let heading = heading.map(|(number, name)| {
        view! {
            <p class="text-muted">
                <span class="font-medium text-base-content">{number}</span>
                " · "
                {name}
            </p>
        }
    });
    view! {
        <Card class="max-w-2xl">
            <ResourceForm form=form on_submit=submit cancel=cancel conflict=Some(lock.conflict) testid=testid>
                {heading}
                {children()}
            </ResourceForm>
        </Card>
    }
}
