//! New password field: strength meter and password policy.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::validate::{FieldFault, Validator};

use super::field::{FieldFrame, described_by, focus_when_mounted};
use super::form::Form;
use super::icon::{Icon, IconName};
use crate::core::auth_options::{AuthOptionsStore, use_auth_options};
use crate::core::i18n;
use crate::core::password_strength::{Strength, StrengthChecker};
use crate::{tl, tr};

/// The field with its meter.
#[component]
pub fn NewPasswordField(
    form: Form,
    /// Path of the field in the request.
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<String>,
    /// Replaces the text about the password policy.
    #[prop(optional, into)]
    hint: Option<TextProp>,
    /// Words that everybody knows about the person: user name, name.
    #[prop(optional, into)]
    known: Signal<Vec<String>>,
    #[prop(optional)] autofocus: bool,
    /// Shown in clear text from the start, because it is handed over to somebody else.
    #[prop(optional)]
    revealed: bool,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Input>::new();
    focus_when_mounted(node, autofocus);
    let options = use_auth_options();
    let revealed = RwSignal::new(revealed);
    let strength = RwSignal::new(None::<Strength>);
    let checker = StoredValue::new_local(StrengthChecker::new(strength));
    on_cleanup(move || {
        checker.try_with_value(StrengthChecker::stop);
    });
    Effect::new(move || {
        let (password, known, lang) = (value.get(), known.get(), i18n::lang());
        checker.with_value(|checker| checker.check(password, known, lang));
    });
    let prepare = move |_| {
        options.load_once();
        checker.with_value(|checker| {
            checker.load();
            checker.check(value.get_untracked(), known.get_untracked(), i18n::lang_untracked());
        });
    };
    let hint = hint.unwrap_or_else(|| (move || rules(options).unwrap_or_default()).into());
    view! {
        <FieldFrame form=form name=name label=label hint=Some(hint) required=true>
            <div class="relative">
                <input
                    node_ref=node
                    id=format!("f-{name}")
                    name=name
                    type=move || if revealed.get() { "text" } else { "password" }
                    class="input w-full pr-11"
                    class:input-error=move || form.fault(name).is_some()
                    autocomplete="new-password"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-required="true"
                    aria-invalid=move || form.fault(name).is_some().to_string()
                    aria-describedby=format!("{} f-{name}-strength", described_by(name, true))
                    disabled=move || form.pending.get()
                    prop:value=move || value.get()
                    on:focus=prepare
                    on:input=move |event| {
                        value.set(event_target_value(&event));
                        form.clear_fault(name);
                    }
                    data-testid=format!("field-{name}")
                />
                <button
                    type="button"
                    class="btn btn-ghost btn-sm btn-square absolute top-1/2 right-1 -translate-y-1/2"
                    aria-label=tl!(password.show)
                    aria-pressed=move || revealed.get().to_string()
                    aria-controls=format!("f-{name}")
                    on:click=move |_| revealed.update(|revealed| *revealed = !*revealed)
                    data-testid=format!("show-{name}")
                >
                    {move || {
                        let icon = if revealed.get() { IconName::EyeOff } else { IconName::Eye };
                        view! { <Icon name=icon /> }
                    }}
                </button>
            </div>
            <Meter name=name strength=strength.into() />
        </FieldFrame>
    }
}

/// Returns the password policy as text.
fn rules(options: AuthOptionsStore) -> Option<String> {
    let policy = options.get()?.password_policy;
    let least = tr!(password.least, count = policy.min_length).to_string();
    let kinds = if policy.complex { tr!(password.kinds) } else { tr!(password.phrase) };
    Some(format!("{least} {kinds}"))
}

const COLOURS: [&str; 4] = ["bg-error", "bg-warning", "bg-success", "bg-success"];

#[component]
fn Meter(name: &'static str, strength: Signal<Option<Strength>>) -> impl IntoView {
    // The weakest passwords get one bar too, otherwise nothing would be visible.
    let steps = move || strength.with(|known| known.as_ref().map_or(0, |it| it.score.clamp(1, 4)));
    let label = move || {
        let score = strength.with(|known| known.as_ref().map(|it| it.score))?;
        Some(match score {
            0 => tr!(password.score.worst),
            1 => tr!(password.score.weak),
            2 => tr!(password.score.fair),
            3 => tr!(password.score.good),
            _ => tr!(password.score.best),
        })
    };
    let hints = move || strength.with(|known| known.as_ref().map(|it| it.hints.join(" ")));
    let bar = move |at: u8| {
        let class = move || {
            let steps = steps();
            let colour = COLOURS[usize::from(steps.max(1) - 1).min(3)];
            format!("h-1 rounded-full {}", if at < steps { colour } else { "bg-base-300" })
        };
        view! { <span class=class></span> }
    };
    let score = move || strength.with(|known| known.as_ref().map(|it| it.score.to_string()));
    view! {
        <div class="flex flex-col gap-1" class:hidden=move || steps() == 0>
            <div class="grid grid-cols-4 gap-1" aria-hidden="true">
                {(0..4).map(bar).collect_view()}
            </div>
            <p
                id=format!("f-{name}-strength")
                class="text-sm"
                aria-live="polite"
                data-testid=format!("strength-{name}")
                data-score=score
            >
                <span class="text-muted">{tl!(password.strength)} ": "</span>
                <span class="font-medium">{label}</span>
                <span class="block text-muted">{hints}</span>
            </p>
        </div>
    }
}

/// Returns the fault of a new password, as far as the policy is known here; the server checks the rest.
pub fn new_password_fault(
    options: AuthOptionsStore,
    field: &str,
    password: &str,
) -> Option<FieldFault> {
    if password.is_empty() {
        return Some(FieldFault::new(field, ErrorCode::Required));
    }
    options.password_policy_untracked()?.check(field, password).err()?.into_iter().next()
}

/// Shows the faults of a new password that was typed twice; returns whether there are none.
pub fn check_repeated(
    form: Form,
    options: AuthOptionsStore,
    mut check: Validator,
    (field, password): (&str, &str),
    (again_field, again): (&str, &str),
) -> bool {
    match new_password_fault(options, field, password) {
        Some(FieldFault { code, param: Some(param), .. }) => {
            check.fail_with::<()>(field, code, param);
        }
        Some(FieldFault { code, .. }) => {
            check.fail::<()>(field, code);
        }
        None => {}
    }
    if form.check(check.finish(Some(()))).is_none() {
        return false;
    }
    if password != again {
        form.set_fault(again_field, tr!(password.differs));
        return false;
    }
    true
}

#[cfg(test)]
mod tests {
    use shared::session::PasswordPolicy;
    use shared::signup::AuthOptions;

    use super::*;

    #[test]
    fn a_password_is_checked_by_the_policy_once_it_is_known() {
        Owner::new().with(|| {
            let options = AuthOptionsStore::default();
            let code = |password: &str| {
                new_password_fault(options, "password", password).map(|fault| fault.code)
            };
            assert_eq!(code(""), Some(ErrorCode::Required));
            assert_eq!(code("pendek"), None);
            options.set(AuthOptions {
                registration_open: false,
                setup_required: false,
                password_policy: PasswordPolicy { min_length: 12, complex: false },
            });
            assert!(code("pendek").is_some());
            assert_eq!(code("cukup-panjang-sekali"), None);
        });
    }
}
