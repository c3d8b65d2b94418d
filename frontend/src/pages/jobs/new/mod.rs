//! Page that creates a job: find or add the customer, then describe the work.

mod add_customer;
mod find_customer;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use shared::customer::{Customer, CustomerStatus};
use shared::error::ErrorCode;
use shared::job::{Job, JobCreate, JobPriority, JobQuery, JobType, NewJob};
use shared::job_state_machine::JobStatus;
use shared::validate::FieldFault;
use shared::{CommaList, Permission};

use crate::browser::organisation_time;
use crate::components::badge::{CustomerBadge, StatusBadge};
use crate::components::contact::{AddressLink, PhoneLink};
use crate::components::field::{
    CheckField, ChoiceField, FieldFault as FaultLine, TextArea, TextField,
};
use crate::components::form::Form;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::components::resource_form::ResourceForm;
use crate::core::error_text::ErrorText;
use crate::core::{format, session, toast};
use crate::{api, enum_options, tl, tr};

/// The page with the form. `?customer=7&type=repair` preselects.
#[component]
pub fn NewJobPage() -> impl IntoView {
    if !session::can(Permission::JobsCreate) {
        return view! { <Forbidden /> }.into_any();
    }
    let query = use_query_map().get_untracked();
    let form = Form::new();
    let customer = RwSignal::new(None::<Customer>);
    let given_type: Option<JobType> = query.get("type").and_then(|text| text.parse().ok());
    let job_type = RwSignal::new(given_type.map(|kind| kind.to_string()).unwrap_or_default());
    let priority = RwSignal::new(JobPriority::Normal.to_string());
    let start = RwSignal::new(String::new());
    let description = RwSignal::new(String::new());
    // The customer has an open job of this type: another one has to be confirmed.
    let duplicate = RwSignal::new(false);
    let confirm = RwSignal::new(false);

    let pick = move |picked: Customer| {
        form.clear_fault("customer_id");
        if job_type.with_untracked(String::is_empty) {
            job_type.set(suggested_job_type(&picked).to_string());
        }
        duplicate.set(false);
        confirm.set(false);
        customer.set(Some(picked));
    };
    if let Some(id) = query.get("customer").and_then(|text| text.parse().ok()) {
        spawn_local(async move {
            match api::customers::get(id).await {
                Ok(found) => pick(found),
                Err(error) => toast::error(error.message()),
            }
        });
    }

    let navigate = use_navigate();
    let submit = move |()| {
        let kind: Option<JobType> = job_type.get_untracked().parse().ok();
        let chosen = customer.with_untracked(|customer| customer.as_ref().map(|one| one.id));
        let (Some(job_type), Some(customer_id)) = (kind, chosen) else {
            let missing = [("customer_id", chosen.is_none()), ("type", kind.is_none())];
            let faults = missing.into_iter().filter(|(_, missing)| *missing);
            let faults = faults.map(|(field, _)| FieldFault::new(field, ErrorCode::Required));
            form.check::<()>(Err(faults.collect()));
            return;
        };
        let request = JobCreate {
            job_type,
            customer_id,
            priority: priority.get_untracked().parse().ok(),
            title: None,
            description: Some(description.get_untracked()).filter(|text| !text.trim().is_empty()),
            address: None,
            latitude: None,
            longitude: None,
            scheduled_start: format::parse_datetime_input(&start.get_untracked()),
            scheduled_end: None,
            confirm_duplicate: confirm.get_untracked(),
        };
        let not_past = |new: NewJob| new.schedule.check_not_past(organisation_time::now());
        if form.check(request.parse().and_then(not_past)).is_none() {
            return;
        }
        let navigate = navigate.clone();
        form.send_or_else(
            async move { api::jobs::create(&request).await },
            move |job| {
                toast::success(tr!(jobs.new.done, number = job.number).to_string());
                navigate(&format!("/jobs/{}", job.id), NavigateOptions::default());
            },
            move |error| duplicate.set(error.code() == Some(ErrorCode::OpenJobExists)),
        );
    };

    view! {
        <PageHeader title=tl!(jobs.new.title) />
        <div class="flex max-w-2xl flex-col gap-4">
            <Card title=tl!(jobs.customer)>
                <div class="p-4">
                    {move || match customer.get() {
                        Some(chosen) => {
                            view! {
                                <ChosenCustomer customer=chosen.clone() on_change=move || customer.set(None) />
                                <OpenJobs customer=chosen />
                            }
                                .into_any()
                        }
                        None => view! { <ChooseCustomer on_pick=pick /> }.into_any(),
                    }}
                    <FaultLine form=form name="customer_id" />
                </div>
            </Card>
            <Card title=tl!(jobs.new.work)>
                <ResourceForm form=form on_submit=submit cancel="/jobs" submit=tl!(jobs.new.submit) testid="job-form">
                    <div class="flex flex-wrap gap-x-8 gap-y-4">
                    <ChoiceField
                        form=form
                        name="type"
                        label=tl!(jobs.job_type)
                        value=job_type
                        options=enum_options!(JobType)
                        required=true
                    />
                    <ChoiceField
                        form=form
                        name="priority"
                        label=tl!(jobs.priority)
                        value=priority
                        options=enum_options!(JobPriority)
                    />
                    </div>
                    <TextField
                        form=form
                        name="scheduled_start"
                        label=tl!(jobs.start)
                        hint=tl!(jobs.new.start_hint)
                        value=start
                        kind="datetime-local"
                    />
                    <TextArea
                        form=form
                        name="description"
                        label=tl!(jobs.description)
                        hint=tl!(jobs.new.description_hint)
                        value=description
                    />
                    <Show when=move || duplicate.get()>
                        <CheckField
                            form=form
                            name="confirm_duplicate"
                            label=tl!(jobs.new.confirm_duplicate)
                            value=confirm
                        />
                    </Show>
                </ResourceForm>
            </Card>
        </div>
    }
    .into_any()
}

/// Returns the likely type: prospects want an installation, others report a fault.
const fn suggested_job_type(customer: &Customer) -> JobType {
    match customer.status {
        CustomerStatus::Prospect => JobType::Installation,
        CustomerStatus::Active | CustomerStatus::Suspended | CustomerStatus::Terminated => {
            JobType::Repair
        }
    }
}

#[component]
fn ChosenCustomer(customer: Customer, on_change: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class="flex items-start gap-3" data-testid="chosen-customer">
            <div class="min-w-0 grow">
                <p class="flex flex-wrap items-center gap-2">
                    <span class="font-medium">{customer.name.clone()}</span>
                    <span class="text-muted">{customer.number.clone()}</span>
                    <CustomerBadge status=customer.status />
                </p>
                <PhoneLink phone=customer.phone.clone() />
                <div>
                    <AddressLink
                        address=customer.address.clone()
                        latitude=customer.latitude
                        longitude=customer.longitude
                    />
                </div>
            </div>
            <button type="button" class="btn btn-sm" on:click=move |_| on_change()>
                {tl!(jobs.new.other_customer)}
            </button>
        </div>
    }
}

/// The unfinished jobs of the customer, each with a way to it: perhaps nothing new is needed.
#[component]
fn OpenJobs(customer: Customer) -> impl IntoView {
    let jobs = LocalResource::new(move || async move {
        let unfinished = JobStatus::ALL.iter().copied().filter(|status| status.is_unfinished());
        let query = JobQuery {
            status: Some(CommaList(unfinished.collect())),
            limit: Some(5),
            ..Default::default()
        };
        api::customers::jobs(customer.id, &query).await.map(|page| page.items).unwrap_or_default()
    });
    let row = |job: Job| {
        view! {
            <li class="flex flex-wrap items-center gap-2">
                <a href=format!("/jobs/{}", job.id) class="link link-hover" data-testid="open-job">
                    {job.number}
                </a>
                <StatusBadge status=job.status />
                <span class="min-w-0 truncate text-muted">{job.title}</span>
            </li>
        }
    };
    view! {
        {move || {
            let jobs = jobs.get().unwrap_or_default();
            (!jobs.is_empty())
                .then(|| {
                    view! {
                        <div class="alert alert-warning alert-soft mt-3 items-start" role="status">
                            <div class="min-w-0">
                                <p class="font-medium">{tl!(jobs.new.open_jobs)}</p>
                                <ul>{jobs.into_iter().map(row).collect_view()}</ul>
                            </div>
                        </div>
                    }
                })
        }}
    }
}

#[component]
fn ChooseCustomer(on_pick: impl Fn(Customer) + Copy + Send + Sync + 'static) -> impl IntoView {
    let adding = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    view! {
        {move || {
            if adding.get() {
                view! {
                    <add_customer::AddCustomer
                        typed=typed.get_untracked()
                        on_done=on_pick
                        on_cancel=move || adding.set(false)
                    />
                }
                    .into_any()
            } else {
                view! {
                    <find_customer::FindCustomer typed=typed on_pick=on_pick />
                    <button
                        type="button"
                        class="btn btn-sm mt-3"
                        on:click=move |_| adding.set(true)
                        data-testid="add-customer"
                    >
                        <Icon name=IconName::Plus />
                        {tl!(jobs.new.add_customer)}
                    </button>
                }
                    .into_any()
            }
        }}
    }
}
