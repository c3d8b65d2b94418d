//! Dialog that creates or edits a plan.

use leptos::prelude::*;
use shared::Rupiah;
use shared::error::ErrorCode;
use shared::plan::{Plan, PlanInput};

use crate::components::dialog::{Dialog, DialogButtons};
use crate::components::field::TextField;
use crate::components::form::{Form, FormError, SubmitButton};
use crate::components::form_parse::FormParser;
use crate::core::toast;
use crate::{api, tl, tr};

/// The dialog; it creates a plan when none is chosen.
#[component]
pub fn PlanDialog(
    open: RwSignal<bool>,
    chosen: RwSignal<Option<Plan>>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let title = move || if chosen.with(Option::is_some) { tr!(plans.edit) } else { tr!(plans.new) };
    view! {
        <Dialog open=open title=title testid="plan-dialog">
            <PlanForm open=open plan=chosen.get_untracked() on_done=on_done />
        </Dialog>
    }
}

#[component]
fn PlanForm(open: RwSignal<bool>, plan: Option<Plan>, on_done: Callback<()>) -> impl IntoView {
    let form = Form::new();
    let start =
        |text: fn(&Plan) -> String| RwSignal::new(plan.as_ref().map(text).unwrap_or_default());
    let code = start(|plan| plan.code.clone());
    let name = start(|plan| plan.name.clone());
    let speed = start(|plan| plan.speed_mbps.to_string());
    let price = start(|plan| plan.price.0.to_string());
    let known = plan.map(|plan| (plan.id, plan.version));
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
                Some((id, version)) => api::plans::update(id, &input, version).await,
                None => api::plans::create(&input).await,
            }
        };
        form.send(request, move |plan| {
            open.set(false);
            toast::success(tr!(plans.saved, code = plan.code).to_string());
            on_done.run(());
        });
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=submit novalidate data-testid="plan-form">
            <FormError form=form />
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
