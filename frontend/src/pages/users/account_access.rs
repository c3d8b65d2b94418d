//! Access of an account: password reset, second factor, Telegram, activation.

use leptos::prelude::*;
use shared::user::{User, UserUpdate};

use super::password_reset::ResetPasswordDialog;
use crate::api;
use crate::components::dialog::ConfirmDialog;
use crate::components::icon::{Icon, IconName};
use crate::core::load::Load;
use crate::core::toast;
use crate::{tl, tr};

/// The buttons and their dialogs.
#[component]
pub fn AccountAccess(load: Load<User>) -> impl IntoView {
    let (resetting, freeing, switching) =
        (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let unlinking = RwSignal::new(false);
    let known = move || load.value.get_untracked();
    let with =
        move |read: fn(&User) -> bool| load.value.with(|user| user.as_ref().is_some_and(read));
    let active = move || with(|user| user.active);
    let name = move || {
        load.value.with(|user| user.as_ref().map(|user| user.name.clone())).unwrap_or_default()
    };
    let free = move || async move {
        let Some(user) = known() else { return Ok(()) };
        let answer = api::users::reset_second_factor(user.id, user.version).await;
        answer.inspect_err(|error| load.reload_if_stale(error)).map(|user| load.set(user))
    };
    let unlink = move || async move {
        let Some(user) = known() else { return Ok(()) };
        let answer = api::telegram::unlink_user(user.id, Some(user.version)).await;
        load.reload();
        answer
    };
    let switch = move || async move {
        let Some(user) = known() else { return Ok(()) };
        let update = UserUpdate { name: user.name, role: user.role, active: !user.active };
        let answer = api::users::update(user.id, &update, user.version).await;
        answer.inspect_err(|error| load.reload_if_stale(error)).map(|user| load.set(user))
    };
    view! {
        <div class="flex flex-col items-start gap-2 p-4">
            <button
                type="button"
                class="btn btn-sm"
                on:click=move |_| resetting.set(true)
                data-testid="reset-password"
            >
                <Icon name=IconName::Lock />
                {tl!(users.reset.title)}
            </button>
            <Show when=move || with(|user| user.second_factor)>
                <button
                    type="button"
                    class="btn btn-sm"
                    on:click=move |_| freeing.set(true)
                    data-testid="reset-second-factor"
                >
                    <Icon name=IconName::Smartphone />
                    {tl!(users.free.title)}
                </button>
            </Show>
            <Show when=move || with(|user| user.telegram_linked)>
                <button
                    type="button"
                    class="btn btn-sm"
                    on:click=move |_| unlinking.set(true)
                    data-testid="unlink-telegram"
                >
                    <Icon name=IconName::Ban />
                    {tl!(users.unlink.title)}
                </button>
            </Show>
            <button
                type="button"
                class="btn btn-sm"
                on:click=move |_| switching.set(true)
                data-testid="switch-active"
            >
                {move || {
                    let icon = if active() { IconName::Ban } else { IconName::Check };
                    view! { <Icon name=icon /> }
                }}
                {move || if active() { tr!(users.switch.off) } else { tr!(users.switch.on) }}
            </button>
        </div>
        <ResetPasswordDialog open=resetting load=load />
        <ConfirmDialog
            open=freeing
            title=tl!(users.free.title)
            text=move || tr!(users.free.sure, name = name()).to_string()
            confirm=tl!(users.free.confirm)
            request=free
            on_done=move |()| toast::success(tr!(users.free.done))
            danger=true
        />
        <ConfirmDialog
            open=unlinking
            title=tl!(users.unlink.title)
            text=move || tr!(users.unlink.sure, name = name()).to_string()
            confirm=tl!(users.unlink.title)
            request=unlink
            on_done=move |()| toast::success(tr!(users.unlink.done))
            danger=true
        />
        <ConfirmDialog
            open=switching
            title=move || if active() { tr!(users.switch.off) } else { tr!(users.switch.on) }
            text=move || {
                if active() {
                    tr!(users.switch.off_sure, name = name()).to_string()
                } else {
                    tr!(users.switch.on_sure, name = name()).to_string()
                }
            }
            confirm=move || if active() { tr!(users.switch.off) } else { tr!(users.switch.on) }
            request=switch
            on_done=move |()| toast::success(tr!(common.saved))
            danger=true
        />
    }
}
