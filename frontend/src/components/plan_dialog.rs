//! Dialog that creates or edits a plan.

use leptos::prelude::*;
use shared::Rupiah;
use shared::error::ErrorCode;
use shared::plan::{Plan, PlanInput};

use super::conflict_notice::{ConflictNotice, EditedResource, OptimisticLock};
use super::dialog::{Dialog, DialogButtons};
use super::field::TextField;
use super::form::{Form, FormError, SubmitButton};
use super::form_parse::FormParser;
use crate::core::toast;
use crate::{api, tl, tr};

/// What a dialog begins with.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanDraft {
    New,
    /// A new plan that a file calls like this.
    Named(String),
    Known(Plan),
}

/// The dialog.
#[component]
pub fn PlanDialog(
    open: RwSignal<bool>,
    draft: RwSignal<PlanDraft>,
    #[prop(into)] on_done: Callback<Plan>,
) -> impl IntoView {
    let is_known = move || draft.with(|draft| matches!(draft, PlanDraft::Known(_)));
    let title = move || if is_known() { tr!(plans.edit) } else { tr!(plans.new) };
    view! {
        <Dialog open=open title=title testid="plan-dialog">
            <PlanForm open=open draft=draft.get_untracked() on_done=on_done />
        </Dialog>
    }
}

#[component]
fn PlanForm(open: RwSignal<bool>, draft: PlanDraft, on_done: Callback<Plan>) -> impl IntoView {
    let form = Form::new();
    let (plan, named) = match draft {
        PlanDraft::New => (None, None),
        PlanDraft::Named(name) => (None, Some(name)),
        PlanDraft::Known(plan) => (Some(plan), None),
    };
    let start =
        |text: fn(&Plan) -> String| RwSignal::new(plan.as_ref().map(text).unwrap_or_default());
    let code = start(|plan| plan.code.clone());
    let name = start(|plan| plan.name.clone());
    let speed = start(|plan| plan.speed_mbps.to_string());
    let price = start(|plan| plan.price.0.to_string());
    if let Some(named) = named {
        code.set(proposed_code(&named));
        speed.set(named.chars().filter(char::is_ascii_digit).collect());
        name.set(named);
    }
    let known = plan.map(|plan| {
        let id = plan.id;
        let lock = OptimisticLock::of(
            Some(plan),
            EditedResource::Plan(id),
            |plan: &Plan| plan.version,
            move || api::plans::get(id),
            move |newer: Plan| {
                code.set(newer.code);
                name.set(newer.name);
                speed.set(newer.speed_mbps.to_string());
                price.set(newer.price.0.to_string());
            },
        );
        (id, lock)
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut parser = FormParser::default();
        let speed_mbps = i32::try_from(parser.required_integer("speed_mbps", speed))
            .unwrap_or_else(|_| {
                parser.add_fault("speed_mbps", ErrorCode::OutOfRange);
                0
            });
        let input = PlanInput {
            code: code.get_untracked(),
            name: name.get_untracked(),
            speed_mbps,
            price: Rupiah(parser.required_integer("price", price)),
        };
        let Some(input) = form.check(parser.merge(input.parse())) else { return };
        let request = async move {
            match known {
                Some((id, lock)) => api::plans::update(id, &input, lock.version()).await,
                None => api::plans::create(&input).await,
            }
        };
        let saved = move |plan: Plan| {
            open.set(false);
            toast::success(tr!(plans.saved, code = plan.code.clone()).to_string());
            on_done.run(plan);
        };
        form.send_or_else(request, saved, move |error| {
            if let Some((_, lock)) = known {
                lock.on_refused(form, error);
            }
        });
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="plan-form">
            <FormError form=form />
            {known.map(|(_, lock)| view! { <ConflictNotice conflict=lock.conflict /> })}
            <TextField
                form=form
                name="code"
                label=tl!(plans.code)
                hint=tl!(plans.code_hint)
                value=code
                required=true
                autofocus=true
            />
            <TextField form=form name="name" label=tl!(plans.name) value=name required=true />
            <TextField form=form name="speed_mbps" label=tl!(plans.speed) value=speed required=true />
            <TextField form=form name="price" label=tl!(plans.price) value=price required=true />
            <DialogButtons open=open>
                <SubmitButton form=form label=tl!(common.save) />
            </DialogButtons>
        </form>
    }
}

/// `20 Mbps` becomes `20-MBPS`.
fn proposed_code(name: &str) -> String {
    let words = name.split(|sign: char| !sign.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_ascii_uppercase()
}
