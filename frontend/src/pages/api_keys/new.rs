//! Page that creates an API key.

use leptos::prelude::*;
use shared::Permission;
use shared::api_key::{ApiKeyCreate, ApiKeyCreated};
use shared::error::ErrorCode;

use super::created::CreatedKey;
use super::permissions::PermissionFields;
use crate::components::back_link::BackLink;
use crate::components::field::{TextArea, TextField};
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::components::resource_form::ResourceForm;
use crate::core::{format, session};
use crate::{api, tl};

/// The page with the form, and then with the key.
#[component]
pub fn NewApiKeyPage() -> impl IntoView {
    if !session::can(Permission::ApiKeysManage) {
        return view! { <Forbidden /> }.into_any();
    }
    let created = RwSignal::new(None::<ApiKeyCreated>);
    view! {
        <BackLink href="/api-keys" label=tl!(api_keys.title) />
        <PageHeader title=tl!(api_keys.new) />
        <Card class="max-w-3xl">
            {move || match created.get() {
                Some(key) => view! { <CreatedKey key=key /> }.into_any(),
                None => view! { <NewKeyForm created=created /> }.into_any(),
            }}
        </Card>
    }
    .into_any()
}

#[component]
fn NewKeyForm(created: RwSignal<Option<ApiKeyCreated>>) -> impl IntoView {
    let form = Form::new();
    let empty = || RwSignal::new(String::new());
    let (name, expires, addresses) = (empty(), empty(), empty());
    let permissions = RwSignal::new(Vec::<Permission>::new());
    let submit = move |()| {
        let mut parser = FormParser::default();
        let typed = expires.get_untracked();
        let expires_at = format::end_of_day(&typed);
        if !typed.is_empty() && expires_at.is_none_or(|end| end <= chrono::Utc::now()) {
            parser.add_fault("expires_at", ErrorCode::InThePast);
        }
        let request = ApiKeyCreate {
            name: name.get_untracked(),
            permissions: permissions.get_untracked(),
            expires_at,
            allowed_addresses: split_addresses(&addresses.get_untracked()),
        };
        if form.check(parser.merge(request.parse())).is_none() {
            return;
        }
        form.send(async move { api::api_keys::create(&request).await }, move |key| {
            created.set(Some(key));
        });
    };
    // The faults name single addresses, which share one field here.
    let address_fault = move || {
        let faults = form.faults_under("allowed_addresses");
        let given = addresses.with_untracked(|text| split_addresses(text));
        let texts = faults.into_iter().map(|fault| {
            let at = fault.field.strip_prefix("allowed_addresses[");
            let at = at.and_then(|at| at.strip_suffix(']')?.parse::<usize>().ok());
            match at.and_then(|at| given.get(at)) {
                Some(address) => format!("{address}: {}", fault.message),
                None => fault.message,
            }
        });
        texts.map(|text| view! { <li>{text}</li> }).collect_view()
    };
    Effect::new(move || {
        addresses.track();
        form.clear_faults_under("allowed_addresses");
    });
    view! {
        <ResourceForm form=form on_submit=submit cancel="/api-keys" submit=tl!(api_keys.create) testid="api-key-form">
            <TextField
                form=form
                name="name"
                label=tl!(api_keys.name)
                hint=tl!(api_keys.name_hint)
                value=name
                required=true
                autofocus=true
            />
            <PermissionFields form=form chosen=permissions />
            <div class="grid gap-4 sm:grid-cols-2">
                <TextField
                    form=form
                    name="expires_at"
                    label=tl!(api_keys.expires)
                    hint=tl!(api_keys.expires_hint)
                    value=expires
                    kind="date"
                />
                <div>
                    <TextArea
                        form=form
                        name="allowed_addresses"
                        label=tl!(api_keys.addresses)
                        hint=tl!(api_keys.addresses_hint)
                        value=addresses
                        rows=3
                    />
                    <ul class="text-sm text-error" aria-live="polite">
                        {address_fault}
                    </ul>
                </div>
            </div>
        </ResourceForm>
    }
}

/// Splits addresses at lines, commas or blanks.
fn split_addresses(text: &str) -> Vec<String> {
    let parts = text.split([',', ';', '\n', ' ', '\t', '\r']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::split_addresses;

    #[test]
    fn addresses_are_split_at_lines_and_commas() {
        assert_eq!(
            split_addresses("10.0.0.0/8\n 203.0.113.5, ::1 "),
            ["10.0.0.0/8", "203.0.113.5", "::1"]
        );
        assert!(split_addresses(" \n").is_empty());
    }
}
