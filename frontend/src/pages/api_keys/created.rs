//! New API key: shown once.

use leptos::prelude::*;
use shared::api_key::ApiKeyCreated;

use crate::components::icon::{Icon, IconName};
use crate::components::reveal_once::SecretText;
use crate::{tl, tr};

/// The key, how to use it, and the link back to the list.
#[component]
pub fn CreatedKey(key: ApiKeyCreated) -> impl IntoView {
    let name = key.api_key.name;
    let host = location().origin().unwrap_or_default();
    let example = format!("curl -H 'X-Api-Key: …' {host}/api/jobs");
    view! {
        <div class="flex flex-col gap-4 p-4" data-testid="api-key-created">
            <p class="font-medium">{move || tr!(api_keys.created, name = name.clone()).to_string()}</p>
            <div class="alert alert-warning alert-soft items-start py-2" role="alert">
                <Icon name=IconName::Alert class="mt-0.5 size-4 shrink-0" />
                <p>{tl!(api_keys.once)}</p>
            </div>
            <SecretText text=key.key label=tl!(api_keys.key) testid="api-key" />
            <div>
                <p class="text-sm text-muted">{tl!(api_keys.usage)}</p>
                <code class="font-mono text-sm break-all">{example}</code>
            </div>
            <a href="/api-keys" class="btn btn-primary self-end" data-testid="api-key-kept">
                {tl!(api_keys.kept)}
            </a>
        </div>
    }
}
