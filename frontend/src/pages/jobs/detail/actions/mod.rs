//! Actions on a job that the job state machine allows the signed-in person.

mod assign;
mod complete;
mod completion_draft;
mod outcome;
mod reason_form;
mod used_materials;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::job::{Job, JobMaterial, TransitionRequest};
use shared::job_state_machine::{JobAction, TransitionRequirement, possible_actions};
use shared::photo::Photo;
use shared::{Page, Permission};

use self::outcome::{reload_if_stale, show_success, shown};
use crate::components::dialog::Dialog;
use crate::components::icon::{Icon, IconName};
use crate::components::page_states::Skeleton;
use crate::core::error_text::ErrorText;
use crate::core::labels::Label;
use crate::core::load::Load;
use crate::core::{session, toast};
use crate::{api, lazy_view, tl};

/// The buttons, and the dialogs of the actions that need input.
#[component]
pub fn Actions(
    load: Load<Job>,
    photos: Load<Page<Photo>>,
    materials: Load<Page<JobMaterial>>,
) -> impl IntoView {
    let possible = Memo::new(move |_| {
        load.value.with(|job| {
            let caller = job.as_ref().and_then(session::caller);
            job.as_ref()
                .zip(caller)
                .map_or_else(Vec::new, |(job, caller)| possible_actions(job.status, caller))
        })
    });
    let chosen = RwSignal::new(JobAction::Cancel);
    let open_assign = RwSignal::new(false);
    let open_reason = RwSignal::new(false);
    let open_complete = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let run = move |action: JobAction| {
        chosen.set(action);
        match action_needs(action) {
            TransitionRequirement::Nothing => send(load, action, busy),
            TransitionRequirement::Reason => open_reason.set(true),
            TransitionRequirement::Technicians => open_assign.set(true),
            TransitionRequirement::Evidence => open_complete.set(true),
        }
    };
    // They are loaded with the page already: where a job ends there may be no network.
    let assign =
        lazy_view!(AssignDialog = assign::show, load: Load<Job>, open_assign: RwSignal<bool>);
    let complete = lazy_view!(
        CompleteDialog = complete::show,
        load: Load<Job>,
        photos: Load<Page<Photo>>,
        materials: Load<Page<JobMaterial>>,
        open_complete: RwSignal<bool>
    );
    let buttons = move || {
        let actions = possible.get();
        let main = primary_action(&actions);
        actions
            .into_iter()
            .map(|action| {
                let class = button_class(action, main == Some(action));
                view! {
                    <button
                        type="button"
                        class=class
                        disabled=move || busy.get()
                        on:click=move |_| run(action)
                        data-testid=format!("action-{action}")
                    >
                        <Icon name=icon(action) />
                        {move || action.label()}
                    </button>
                }
            })
            .collect_view()
    };
    let edit = move || {
        let job = load.value.get()?;
        let may = job.status.is_editable() && session::can(Permission::JobsEdit);
        may.then(|| {
            view! {
                <a href=format!("/jobs/{}/edit", job.id) class="btn btn-sm" data-testid="edit-job">
                    <Icon name=IconName::Edit />
                    {tl!(common.edit)}
                </a>
            }
        })
    };
    view! {
        <div
            class="mb-4 flex flex-wrap items-center gap-2 empty:hidden"
            role="group"
            aria-label=tl!(common.actions)
            data-testid="actions"
        >
            {buttons}
            {edit}
        </div>
        <Dialog open=open_assign title=tl!(jobs.assign.title) testid="assign-dialog">
            {assign.render(dialog_skeleton)}
        </Dialog>
        <Dialog
            open=open_reason
            title=move || chosen.get().label()
            testid="reason-dialog"
        >
            <reason_form::ReasonForm load=load action=chosen open=open_reason />
        </Dialog>
        <Dialog
            open=open_complete
            title=tl!(jobs.complete.title)
            wide=true
            testid="complete-dialog"
        >
            {complete.render(dialog_skeleton)}
        </Dialog>
    }
    .into_any()
}

fn dialog_skeleton() -> AnyView {
    view! { <Skeleton rows=4 /> }.into_any()
}

fn action_needs(action: JobAction) -> TransitionRequirement {
    shared::job_state_machine::TRANSITIONS
        .iter()
        .find(|row| row.action == action)
        .map_or(TransitionRequirement::Nothing, |row| row.requires)
}

fn send(load: Load<Job>, action: JobAction, busy: RwSignal<bool>) {
    let Some((id, version)) = shown(load) else { return };
    busy.set(true);
    spawn_local(async move {
        let mut request = TransitionRequest::for_action(action);
        request.device_time = Some(chrono::Utc::now());
        let answer = api::jobs::transition(id, version, &request).await;
        if busy.try_set(false).is_some() {
            return;
        }
        match answer {
            Ok(job) => show_success(load, job),
            Err(error) => {
                toast::error(error.message());
                reload_if_stale(load, &error);
            }
        }
    });
}

/// Returns the action that moves the job forward; it gets the accent.
fn primary_action(possible: &[JobAction]) -> Option<JobAction> {
    use JobAction as A;
    const FORWARD: [A; 9] = [
        A::Complete,
        A::Start,
        A::Depart,
        A::Accept,
        A::Claim,
        A::Resume,
        A::Verify,
        A::Assign,
        A::Reopen,
    ];
    FORWARD.into_iter().find(|action| possible.contains(action))
}

const fn button_class(action: JobAction, main: bool) -> &'static str {
    match (main, action) {
        (true, _) => "btn btn-primary btn-sm",
        (false, JobAction::Cancel | JobAction::Decline) => "btn btn-sm btn-ghost text-error",
        (false, _) => "btn btn-sm",
    }
}

const fn icon(action: JobAction) -> IconName {
    match action {
        JobAction::Assign => IconName::Person,
        JobAction::Claim | JobAction::Accept => IconName::Check,
        JobAction::Decline | JobAction::Unassign => IconName::Close,
        JobAction::Depart => IconName::Route,
        JobAction::Start => IconName::Technicians,
        JobAction::Hold => IconName::Pause,
        JobAction::Resume => IconName::ChevronRight,
        JobAction::Complete => IconName::CheckCircle,
        JobAction::Verify => IconName::Lock,
        JobAction::Cancel => IconName::Ban,
        JobAction::Reopen => IconName::Refresh,
    }
}
