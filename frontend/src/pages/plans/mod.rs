//! Plans of the customers.

use leptos::prelude::*;
use shared::Permission;
use shared::plan::Plan;

use crate::api;
use crate::api::page_query::PageQuery;
use crate::components::icon::{Icon, IconName};
use crate::components::list_view::{Column, ListSpec, ListView};
use crate::components::page::PageHeader;
use crate::components::page_states::Forbidden;
use crate::components::plan_dialog::{PlanDialog, PlanDraft};
use crate::core::list::{List, use_list};
use crate::core::session;
use crate::{tl, tr};

/// Every plan, with ways to add and edit one.
#[component]
pub fn PlansPage() -> impl IntoView {
    if !session::can(Permission::CustomersRead) {
        return view! { <Forbidden /> }.into_any();
    }
    let list: List<PageQuery, Plan> =
        use_list(|query: PageQuery| async move { api::plans::list(&query).await }, |_| false);
    let (open, draft) = (RwSignal::new(false), RwSignal::new(PlanDraft::New));
    let edit = Callback::new(move |plan: Option<Plan>| {
        draft.set(plan.map_or(PlanDraft::New, PlanDraft::Known));
        open.set(true);
    });
    provide_context(EditPlan(edit));
    view! {
        <PageHeader title=tl!(plans.title)>
            <Show when=|| session::can(Permission::PlansWrite)>
                <button
                    type="button"
                    class="btn btn-primary btn-sm"
                    on:click=move |_| edit.run(None)
                    data-testid="new-plan"
                >
                    <Icon name=IconName::Plus />
                    {tl!(plans.new)}
                </button>
            </Show>
        </PageHeader>
        <ListView list=list spec=spec() />
        <PlanDialog open=open draft=draft on_done=move |_| list.reload() />
    }
    .into_any()
}

/// Opens the dialog for a plan; used by the rows.
#[derive(Clone, Copy)]
struct EditPlan(Callback<Option<Plan>>);

fn edit_cell(plan: &Plan) -> AnyView {
    let Some(EditPlan(edit)) = use_context::<EditPlan>() else { return ().into_any() };
    if !session::can(Permission::PlansWrite) {
        return ().into_any();
    }
    let plan = plan.clone();
    view! {
        <button
            type="button"
            class="btn btn-sm"
            on:click=move |_| edit.run(Some(plan.clone()))
            data-testid="edit-plan"
        >
            {tl!(plans.edit)}
        </button>
    }
    .into_any()
}

fn spec() -> ListSpec<Plan> {
    let columns = vec![
        Column::new(|| tr!(plans.code), |plan: &Plan| plan.code.clone().into_any())
            .main()
            .text(|plan| plan.code.clone()),
        Column::new(|| tr!(plans.name), |plan: &Plan| plan.name.clone().into_any())
            .text(|plan| plan.name.clone()),
        Column::new(|| tr!(plans.speed), |plan: &Plan| plan.speed_mbps.to_string().into_any())
            .number()
            .text(|plan| plan.speed_mbps.to_string()),
        Column::new(|| tr!(plans.price), |plan: &Plan| plan.price.to_string().into_any())
            .number()
            .text(|plan| plan.price.0.to_string()),
        Column::new(|| "", edit_cell),
    ];
    ListSpec {
        columns,
        key: |plan| (plan.id.0, plan.version),
        href: None,
        name: "plan",
        caption: || tr!(plans.title),
        search_hint: None,
        empty_hint: || tr!(plans.empty),
    }
}
