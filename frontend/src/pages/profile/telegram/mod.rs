//! Telegram chat of the own account.

mod link_code;
mod link_prompt;

use leptos::prelude::*;
use shared::live::LiveEvent;
use shared::telegram::{TelegramCode, TelegramStatus};

use self::link_code::LinkCode;
use self::link_prompt::PasswordPrompt;
use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::dialog::{ConfirmDialog, Dialog};
use crate::components::icon::{Icon, IconName};
use crate::components::page_states::Loaded;
use crate::components::time::RelativeTime;
use crate::core::load::use_load;
use crate::core::{session, toast};
use crate::{tl, tr};

/// The status and the possible actions.
#[component]
pub fn Telegram() -> impl IntoView {
    let load = use_load(api::telegram::status, |event| {
        let own = session::user().map(|user| user.id);
        matches!(event, LiveEvent::UserChanged(user) if Some(user.id) == own)
    });
    let (linking, unlinking) = (RwSignal::new(false), RwSignal::new(false));
    // The dialog closes once the bot has received the code.
    Effect::new(move || {
        let linked = load.value.with(|status| status.as_ref().is_some_and(|it| it.linked));
        if linked && linking.get_untracked() {
            linking.set(false);
            toast::success(tr!(profile.telegram.done));
        }
    });
    view! {
        <div class="p-4" data-testid="telegram">
            <Loaded
                data=load
                view=move |status| {
                    view! { <StatusPanel status=status linking=linking unlinking=unlinking /> }.into_any()
                }
                skeleton_rows=2
            />
        </div>
        <Dialog open=linking title=tl!(profile.telegram.link) testid="telegram-dialog">
            <LinkSteps linking=linking />
        </Dialog>
        <ConfirmDialog
            open=unlinking
            title=tl!(profile.telegram.unlink)
            text=tl!(profile.telegram.unlink_sure)
            confirm=tl!(profile.telegram.unlink)
            request=api::telegram::unlink
            on_done=move |()| {
                toast::success(tr!(profile.telegram.unlinked));
                load.reload();
            }
            danger=true
            testid="unlink-dialog"
        />
    }
}

/// The steps from the password to the link code.
#[component]
fn LinkSteps(linking: RwSignal<bool>) -> impl IntoView {
    let given = RwSignal::new(None::<TelegramCode>);
    // A closed dialog forgets the code.
    Effect::new(move || {
        if !linking.get() {
            given.set(None);
        }
    });
    move || match given.get() {
        None => view! { <PasswordPrompt on_done=move |code| given.set(Some(code)) /> }.into_any(),
        Some(code) => {
            view! { <LinkCode code=code on_again=move |()| given.set(None) /> }.into_any()
        }
    }
}

#[component]
fn StatusPanel(
    status: TelegramStatus,
    linking: RwSignal<bool>,
    unlinking: RwSignal<bool>,
) -> impl IntoView {
    if let Some(since) = status.linked_at {
        let warning = status.blocked.then(|| {
            view! {
                <p class="inline-flex items-center gap-1 text-warning">
                    <Icon name=IconName::Alert class="size-4 shrink-0" />
                    {tl!(profile.telegram.blocked)}
                </p>
            }
        });
        return view! {
            <div class="flex flex-col items-start gap-3">
                <div class="flex flex-wrap items-center gap-2">
                    <Badge
                        tone=Tone::Success
                        icon=IconName::Check
                        text=tl!(profile.telegram.linked)
                    />
                    <span class="text-sm text-muted">
                        <RelativeTime at=since />
                    </span>
                </div>
                {warning}
                <button
                    type="button"
                    class="btn btn-sm"
                    on:click=move |_| unlinking.set(true)
                    data-testid="telegram-unlink"
                >
                    <Icon name=IconName::Ban />
                    {tl!(profile.telegram.unlink)}
                </button>
            </div>
        }
        .into_any();
    }
    let what = match status.available {
        true => view! {
            <p class="text-muted">{tl!(profile.telegram.why)}</p>
            <button
                type="button"
                class="btn btn-primary"
                on:click=move |_| linking.set(true)
                data-testid="telegram-link"
            >
                {tl!(profile.telegram.link)}
            </button>
        }
        .into_any(),
        false => view! { <p class="text-muted">{tl!(profile.telegram.no_bot)}</p> }.into_any(),
    };
    view! {
        <div class="flex flex-col items-start gap-3">
            <Badge
                tone=Tone::Neutral
                icon=IconName::Circle
                text=tl!(profile.telegram.not_linked)
            />
            {what}
        </div>
    }
    .into_any()
}
