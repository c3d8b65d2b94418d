//! Sign-in attempts of the own account.

use leptos::prelude::*;
use shared::Page;
use shared::session::{LoginAttempt, LoginOutcome};

use super::user_agent;
use crate::api;
use crate::api::page_query::PageQuery;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::components::page_states::Loaded;
use crate::components::time::CompactTime;
use crate::core::labels::Label;
use crate::core::load::use_load;
use crate::tl;

/// Number of attempts that are shown.
const MAX_ATTEMPTS: i64 = 10;

/// The last attempts, newest first.
#[component]
pub fn LoginHistory() -> impl IntoView {
    let load = use_load(
        || async {
            let query = PageQuery { limit: Some(MAX_ATTEMPTS), ..Default::default() };
            api::auth::login_history(&query).await
        },
        |_| false,
    );
    view! { <Loaded data=load view=|page| table(page).into_any() skeleton_rows=3 /> }
}

fn table(page: Page<LoginAttempt>) -> impl IntoView {
    let row = |one: LoginAttempt| {
        let agent = StoredValue::new(one.user_agent.clone());
        view! {
            <tr role="row" data-testid="login-row">
                <td role="cell" class="cell-main">
                    <CompactTime at=one.at />
                </td>
                <td role="cell" class="cell-side" data-label=tl!(profile.logins.outcome)>
                    <OutcomeBadge outcome=one.outcome />
                </td>
                <td role="cell" data-label=tl!(profile.logins.device)>
                    <span title=one.user_agent>
                        {move || agent.with_value(|agent| user_agent::label(agent))}
                    </span>
                </td>
                <td role="cell" data-label=tl!(profile.logins.address)>
                    <span>{one.ip}</span>
                </td>
            </tr>
        }
    };
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{tl!(profile.logins.title)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(profile.logins.at)}</th>
                    <th role="columnheader" scope="col">{tl!(profile.logins.outcome)}</th>
                    <th role="columnheader" scope="col">{tl!(profile.logins.device)}</th>
                    <th role="columnheader" scope="col">{tl!(profile.logins.address)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{page.items.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn OutcomeBadge(outcome: LoginOutcome) -> impl IntoView {
    let (tone, icon) = match outcome {
        LoginOutcome::Success => (Tone::Success, IconName::Check),
        LoginOutcome::SecondFactorMissing => (Tone::Neutral, IconName::Clock),
        LoginOutcome::Disabled => (Tone::Neutral, IconName::Ban),
        LoginOutcome::WrongPassword | LoginOutcome::SecondFactorWrong | LoginOutcome::Throttled => {
            (Tone::Warning, IconName::Alert)
        }
    };
    view! { <Badge tone=tone icon=icon text=move || outcome.label() /> }
}
