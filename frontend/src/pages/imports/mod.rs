//! Imports from spreadsheets: the file, its columns, unknown words, a preview, the import, and its undoing.

mod columns;
mod file_picker;
mod history;
mod kind;
mod preview;
mod progress;
mod rejected_rows;
mod report;
mod show_all;
mod unknown_values;
mod wizard;

use leptos::prelude::*;
use shared::import::ImportKind;

use self::columns::ColumnsCard;
use self::file_picker::FilePicker;
use self::history::ImportHistory;
use self::progress::Progress;
use self::report::Report;
use self::unknown_values::UnknownValuesCard;
use self::wizard::{ImportStage, Wizard, Work};
use crate::api::ApiError;
use crate::components::back_link::BackLink;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::Forbidden;
use crate::core::error_text::ErrorText;
use crate::core::session;
use crate::{lazy_view, tl, tr};

/// Import of customers.
#[component]
pub fn ImportCustomersPage() -> impl IntoView {
    view! { <ImportPage kind=ImportKind::Customers /> }.into_any()
}

/// Import of items with opening stock.
#[component]
pub fn ImportItemsPage() -> impl IntoView {
    view! { <ImportPage kind=ImportKind::Items /> }.into_any()
}

#[component]
fn ImportPage(kind: ImportKind) -> impl IntoView {
    if !session::can(kind::permission(kind)) {
        return view! { <Forbidden /> }.into_any();
    }
    let wizard = Wizard::new(kind);
    let steps = lazy_view!(ImportSteps = show_steps, wizard: Wizard);
    view! {
        <BackLink href=kind::list(kind) label=move || kind::list_name(kind) />
        <PageHeader title=move || kind::title(kind) />
        <div class="flex max-w-4xl flex-col gap-4">
            <Card>
                <FilePicker
                    kind=kind
                    name=wizard.name
                    busy=Signal::derive(move || wizard.is_busy())
                    on_choose=move |file| wizard.choose(file)
                />
            </Card>
            {steps.render(|| ().into_any())}
            <ImportHistory kind=kind />
        </div>
    }
    .into_any()
}

/// Everything that follows the choice of a file.
fn show_steps(wizard: Wizard) -> AnyView {
    view! {
        <Mapping wizard=wizard />
        <CurrentStage wizard=wizard />
    }
    .into_any()
}

/// How the file is understood: open while something has to be asked, folded afterwards.
#[component]
fn Mapping(wizard: Wizard) -> impl IntoView {
    let is_known = move || wizard.columns.with(Option::is_some);
    let is_waiting = move || wizard.stage.with(|stage| *stage == ImportStage::Columns);
    let is_open =
        Memo::new(move |_| is_waiting() || (!wizard.is_answered() && !wizard.is_decided()));
    let questions = Memo::new(move |_| wizard.questions.get());
    view! {
        <Show when=is_known>
            <details class="group" open=move || is_open.get() data-testid="import-mapping">
                <summary class="flex cursor-pointer items-center gap-2 py-1 font-medium">
                    <Icon name=IconName::Columns class="size-4 text-muted" />
                    {tl!(imports.mapping)}
                    <Icon
                        name=IconName::ChevronDown
                        class="size-4 text-muted transition-transform group-open:rotate-180"
                    />
                </summary>
                <fieldset
                    class="mt-2 flex min-w-0 flex-col gap-4"
                    disabled=move || wizard.is_busy()
                >
                    {move || {
                        questions
                            .get()
                            .into_iter()
                            .map(|question| {
                                view! { <UnknownValuesCard wizard=wizard question=question /> }
                            })
                            .collect_view()
                    }}
                    {move || {
                        wizard
                            .columns
                            .get()
                            .map(|columns| view! { <ColumnsCard wizard=wizard columns=columns /> })
                    }}
                </fieldset>
            </details>
        </Show>
    }
}

#[component]
fn CurrentStage(wizard: Wizard) -> impl IntoView {
    // Events of the upload must not build the progress bar again.
    let work = Memo::new(move |_| {
        wizard.stage.with(|stage| match stage {
            ImportStage::Busy(work, _) => Some(*work),
            _ => None,
        })
    });
    let sent = move || {
        wizard.stage.with(|stage| match stage {
            ImportStage::Busy(_, sent) => *sent,
            _ => 1.0,
        })
    };
    let outcome = move || match wizard.stage.get() {
        ImportStage::Failed(work, error) => {
            view! { <ImportFailure wizard=wizard work=work error=error /> }.into_any()
        }
        ImportStage::Reported(report) => {
            view! { <Report wizard=wizard report=*report /> }.into_any()
        }
        ImportStage::Choosing | ImportStage::Columns | ImportStage::Busy(..) => ().into_any(),
    };
    view! {
        {move || {
            work.get()
                .map(|work| {
                    view! {
                        // The columns above may be longer than the screen.
                        <div class="sticky bottom-20 z-10 rounded-box shadow lg:bottom-4">
                            <Progress kind=wizard.kind work=work sent=Signal::derive(sent) />
                        </div>
                    }
                })
        }}
        {outcome}
    }
}

#[component]
fn ImportFailure(wizard: Wizard, work: Work, error: ApiError) -> impl IntoView {
    let fields = error.fields().iter().map(|fault| fault.message.clone()).collect::<Vec<_>>();
    view! {
        <div
            class="alert alert-error alert-soft flex flex-wrap items-start"
            role="alert"
            data-testid="import-error"
        >
            <Icon name=IconName::Alert class="mt-0.5 size-4 shrink-0" />
            <div class="min-w-0 grow basis-56">
                <p class="font-medium">{error.message()}</p>
                {fields.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
                <p>
                    {move || match work {
                        Work::ReadColumns | Work::DryRun => tr!(imports.unchanged_note),
                        Work::Import => tr!(imports.partly_note),
                    }}
                </p>
            </div>
            <button
                type="button"
                class="btn btn-sm"
                on:click=move |_| wizard.retry(work)
                data-testid="retry-import"
            >
                <Icon name=IconName::Refresh />
                {tl!(common.retry)}
            </button>
        </div>
    }
}
