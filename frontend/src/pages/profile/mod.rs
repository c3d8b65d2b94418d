//! Profile of the signed-in person: name, Telegram, appearance, password, second factor and sessions.

mod appearance;
mod devices;
mod login_history;
pub mod password;
pub mod second_factor;
mod telegram;
mod user_agent;

use leptos::prelude::*;
use shared::session::ProfileUpdate;
use shared::validate::Validator;

use self::appearance::Appearance;
use self::devices::Devices;
use self::login_history::LoginHistory;
use self::password::PasswordForm;
use self::second_factor::SecondFactor;
use self::telegram::Telegram;
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::page::{Card, PageHeader};
use crate::core::labels::Label;
use crate::core::{session, toast};
use crate::{api, tl, tr};

/// Maximum length of a name, as on the server.
const NAME_LENGTH: usize = 100;

/// The profile page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let username = || session::user().map(|user| user.username).unwrap_or_default();
    let role = || session::user().map(|user| user.role.label()).unwrap_or_default();
    view! {
        <PageHeader title=tl!(profile.title) />
        <div class="grid max-w-5xl items-start gap-4 lg:grid-cols-2">
            <div class="flex min-w-0 flex-col gap-4">
                <Card title=tl!(profile.account)>
                    <DescriptionList>
                        <DescriptionItem label=tl!(profile.username)>{username}</DescriptionItem>
                        <DescriptionItem label=tl!(profile.role)>{role}</DescriptionItem>
                    </DescriptionList>
                    <NameForm />
                </Card>
                <Card title=tl!(profile.telegram.title)>
                    <Telegram />
                </Card>
                <Card title=tl!(profile.look)>
                    <Appearance />
                </Card>
            </div>
            <div class="flex min-w-0 flex-col gap-4">
                <Card title=tl!(password.title)>
                    <PasswordForm />
                </Card>
                <Card title=tl!(second_factor.title)>
                    <SecondFactor />
                </Card>
            </div>
            <Card title=tl!(profile.devices.title)>
                <Devices />
            </Card>
            <Card title=tl!(profile.logins.title)>
                <LoginHistory />
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn NameForm() -> impl IntoView {
    let form = Form::new();
    let known = session::user().map(|user| user.name).unwrap_or_default();
    let name = RwSignal::new(known);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut check = Validator::default();
        let parsed = check.name("name", &name.get_untracked(), NAME_LENGTH);
        let Some(parsed) = form.check(check.finish(parsed)) else { return };
        let update = ProfileUpdate { name: parsed };
        form.send(async move { api::auth::update_profile(&update).await }, |user| {
            session::update_user(user);
            toast::success(tr!(common.saved));
        });
    };
    view! {
        <form
            class="flex flex-col gap-4 border-t border-base-300 p-4"
            on:submit=submit
            novalidate
            data-testid="name-form"
        >
            <FormError form=form />
            <TextField form=form name="name" label=tl!(profile.name) value=name autocomplete="name" required=true />
            <SubmitButton form=form label=tl!(common.save) class="btn btn-primary self-end" testid="save-name" />
        </form>
    }
}
