//! Words of the file that mean nothing: each is asked for once.

use leptos::prelude::*;
use shared::Permission;
use shared::import::{UnknownValue, UnknownValues, ValueChoice};
use shared::plan::Plan;

use super::wizard::Wizard;
use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::components::plan_dialog::{PlanDialog, PlanDraft};
use crate::core::{format, session};
use crate::{tl, tr};

/// Words listed per column; the others are answered with a button for all of them.
const MAX_SHOWN: usize = 20;

/// The unknown words of one column.
#[component]
pub fn UnknownValuesCard(wizard: Wizard, question: UnknownValues) -> impl IntoView {
    let UnknownValues { column, field, values, options, may_be_note, .. } = question;
    let words: Vec<String> = values.iter().map(|value| value.value.clone()).collect();
    let heading = StoredValue::new(column.clone());
    let all = StoredValue::new(words);
    let answer_all = move |choice: ValueChoice| {
        heading.with_value(|column| {
            all.with_value(|words| {
                for word in words {
                    wizard.answer(column, word, Some(choice.clone()));
                }
            });
        });
    };
    let options: Vec<(String, String)> =
        options.into_iter().map(|option| (option.value, option.label)).collect();
    let options = RwSignal::new(options);
    let draft = RwSignal::new(PlanDraft::New);
    let open = RwSignal::new(false);
    let made = Callback::new(move |plan: Plan| {
        let PlanDraft::Named(word) = draft.get_untracked() else { return };
        options.update(|options| options.push((plan.code.clone(), plan.name.clone())));
        let choice = Some(ValueChoice::As(plan.code));
        heading.with_value(|column| wizard.answer(column, &word, choice));
    });
    let makes_plans = field == "plan" && session::can(Permission::PlansWrite);
    let make = makes_plans.then_some(Callback::new(move |word: String| {
        draft.set(PlanDraft::Named(word));
        open.set(true);
    }));
    let more = values.len().saturating_sub(MAX_SHOWN);
    let rows = values
        .into_iter()
        .take(MAX_SHOWN)
        .map(|value| {
            view! {
                <UnknownWord
                    wizard=wizard
                    column=heading
                    value=value
                    options=options
                    may_be_note=may_be_note
                    make_plan=make
                />
            }
        })
        .collect_view();
    let title = move || tr!(imports.unknown_title, column = column.clone()).to_string();
    view! {
        <Card title=title>
            <div data-testid="unknown-values" data-field=field.clone()>
                <div class="flex flex-wrap items-center gap-2 border-b border-base-300 px-4 py-3">
                    <p class="min-w-0 grow basis-60 text-sm text-muted">{tl!(imports.unknown_hint)}</p>
                    <button
                        type="button"
                        class="btn btn-sm"
                        on:click=move |_| answer_all(ValueChoice::LeaveOut)
                        data-testid="leave-out-all"
                    >
                        {tl!(imports.leave_out_all)}
                    </button>
                    {may_be_note
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-sm"
                                    on:click=move |_| answer_all(ValueChoice::Note)
                                    data-testid="note-all"
                                >
                                    {tl!(imports.note_all)}
                                </button>
                            }
                        })}
                </div>
                <ul class="divide-y divide-base-300">{rows}</ul>
                {(more > 0)
                    .then(|| {
                        view! {
                            <p class="border-t border-base-300 px-4 py-2 text-sm text-muted">
                                {move || tr!(imports.more_words, count = format::number(more as i64)).to_string()}
                            </p>
                        }
                    })}
            </div>
        </Card>
        <PlanDialog open=open draft=draft on_done=made />
    }
}

#[component]
fn UnknownWord(
    wizard: Wizard,
    column: StoredValue<String>,
    value: UnknownValue,
    /// Known words with their labels.
    options: RwSignal<Vec<(String, String)>>,
    may_be_note: bool,
    /// Opens the dialog for a plan of this name.
    make_plan: Option<Callback<String>>,
) -> impl IntoView {
    let UnknownValue { value: word, rows, .. } = value;
    let asked = StoredValue::new(word.clone());
    let choice = Memo::new(move |_| {
        wizard.mapping.with(|mapping| {
            let words = column.with_value(|column| mapping.values.get(column).cloned());
            words.and_then(|words| asked.with_value(|word| words.get(word).cloned()))
        })
    });
    let choose = move |event: leptos::ev::Event| {
        let choice = parse_choice(&event_target_value(&event));
        column.with_value(|column| {
            asked.with_value(|word| wizard.answer(column, word, choice.clone()));
        });
    };
    let choices = move || {
        let chosen = choice_value(choice.get().as_ref());
        let option = |value: String, label: String| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        };
        let note = may_be_note.then(|| option("note".into(), tr!(imports.as_note).into()));
        let known = options.get().into_iter().map(|(value, label)| {
            let shown = if value == label { label } else { format!("{value} · {label}") };
            option(format!("as:{value}"), shown)
        });
        [
            option(String::new(), tr!(imports.reject_rows).into()),
            option("leave_out".into(), tr!(imports.leave_empty).into()),
        ]
        .into_iter()
        .chain(note)
        .chain(known)
        .collect_view()
    };
    let (label, key) = (word.clone(), word.clone());
    let proposed = word.clone();
    view! {
        <li
            class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2"
            data-testid="unknown-word"
            data-word=key
        >
            <div class="min-w-0 grow basis-40">
                <span class="font-medium wrap-anywhere">{word}</span>
                <span class="ml-2 text-sm whitespace-nowrap text-muted">
                    {move || tr!(imports.word_rows, count = format::number(rows)).to_string()}
                </span>
            </div>
            {make_plan
                .map(|make| {
                    view! {
                        <button
                            type="button"
                            class="btn btn-sm"
                            on:click=move |_| make.run(proposed.clone())
                            data-testid="make-plan"
                        >
                            <Icon name=IconName::Plus />
                            {tl!(imports.make_plan)}
                        </button>
                    }
                })}
            <select
                class="select w-full sm:w-72"
                aria-label=move || tr!(imports.word_means, word = label.clone()).to_string()
                on:change=choose
                data-testid="word-choice"
            >
                {choices}
            </select>
        </li>
    }
}

fn choice_value(choice: Option<&ValueChoice>) -> String {
    match choice {
        None => String::new(),
        Some(ValueChoice::LeaveOut) => "leave_out".to_owned(),
        Some(ValueChoice::Note) => "note".to_owned(),
        Some(ValueChoice::As(word)) => format!("as:{word}"),
    }
}

fn parse_choice(value: &str) -> Option<ValueChoice> {
    match (value.strip_prefix("as:"), value) {
        (Some(word), _) => Some(ValueChoice::As(word.to_owned())),
        (None, "leave_out") => Some(ValueChoice::LeaveOut),
        (None, "note") => Some(ValueChoice::Note),
        _ => None,
    }
}
