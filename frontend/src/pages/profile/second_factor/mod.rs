//! Second factor of the own account.

mod confirm;
mod reauthentication;
mod recovery_codes;
mod setup_steps;

use leptos::prelude::*;
use shared::live::LiveEvent;
use shared::second_factor::SecondFactorStatus;

pub use setup_steps::SetupSteps;

use self::reauthentication::{ReauthDialogContent, ReauthPurpose};
use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::page_states::Loaded;
use crate::core::load::use_load;
use crate::core::{format, session, toast};
use crate::{tl, tr};

/// Below this number the recovery codes are low.
const LOW_CODE_COUNT: i64 = 3;

/// The status and the possible actions.
#[component]
pub fn SecondFactor() -> impl IntoView {
    let load = use_load(api::second_factor::status, |event| {
        let own = session::user().map(|user| user.id);
        matches!(event, LiveEvent::UserChanged(user) if Some(user.id) == own)
    });
    let (setting_up, proving) = (RwSignal::new(false), RwSignal::new(false));
    let purpose = RwSignal::new(ReauthPurpose::NewCodes);
    let ask = Callback::new(move |wanted: ReauthPurpose| {
        purpose.set(wanted);
        proving.set(true);
    });
    let title = move || match purpose.get() {
        ReauthPurpose::NewCodes => tr!(second_factor.new_codes),
        ReauthPurpose::SwitchOff => tr!(second_factor.switch_off),
    };
    view! {
        <div class="p-4" data-testid="second-factor">
            <Loaded
                data=load
                view=move |status| view! { <StatusPanel status=status setting_up=setting_up ask=ask /> }.into_any()
                skeleton_rows=2
            />
        </div>
        <Dialog open=setting_up title=tl!(second_factor.switch_on) testid="second-factor-dialog">
            <SetupSteps on_done=move |()| {
                setting_up.set(false);
                toast::success(tr!(second_factor.is_on));
                load.reload();
            } />
        </Dialog>
        <Dialog open=proving title=title testid="proof-dialog">
            <ReauthDialogContent
                purpose=purpose.get_untracked()
                open=proving
                on_done=move |()| load.reload()
            />
        </Dialog>
    }
}

#[component]
fn StatusPanel(
    status: SecondFactorStatus,
    setting_up: RwSignal<bool>,
    ask: Callback<ReauthPurpose>,
) -> impl IntoView {
    if !status.enabled {
        return view! {
            <div class="flex flex-col items-start gap-3">
                <Badge tone=Tone::Neutral icon=IconName::Circle text=tl!(second_factor.off) />
                <p class="text-muted">{tl!(second_factor.why)}</p>
                <button
                    type="button"
                    class="btn btn-primary"
                    on:click=move |_| setting_up.set(true)
                    data-testid="second-factor-on"
                >
                    {tl!(second_factor.switch_on)}
                </button>
            </div>
        }
        .into_any();
    }
    let left = status.recovery_codes_left;
    let few = left < LOW_CODE_COUNT;
    let text = move || tr!(second_factor.left, count = format::number(left)).to_string();
    view! {
        <div class="flex flex-col items-start gap-3">
            <Badge tone=Tone::Success icon=IconName::Check text=tl!(second_factor.on) />
            <p
                class="inline-flex items-center gap-1"
                class=("text-warning", few)
                data-testid="codes-left"
                data-value=left.to_string()
            >
                {few.then(|| view! { <Icon name=IconName::Alert class="size-4 shrink-0" /> })}
                {text}
            </p>
            <div class="flex flex-wrap gap-2">
                <button
                    type="button"
                    class="btn btn-sm"
                    on:click=move |_| ask.run(ReauthPurpose::NewCodes)
                    data-testid="new-codes"
                >
                    <Icon name=IconName::Refresh />
                    {tl!(second_factor.new_codes)}
                </button>
                {(!status.required)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-sm"
                                on:click=move |_| ask.run(ReauthPurpose::SwitchOff)
                                data-testid="second-factor-off"
                            >
                                <Icon name=IconName::Ban />
                                {tl!(second_factor.switch_off)}
                            </button>
                        }
                    })}
            </div>
            {status
                .required
                .then(|| view! { <p class="text-sm text-muted">{tl!(second_factor.required)}</p> })}
        </div>
    }
    .into_any()
}
