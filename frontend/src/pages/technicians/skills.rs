//! Skills of a technician and their levels.

use leptos::prelude::*;
use shared::technician::{Skill, SkillKind};

use crate::components::field::{FieldFault, fault_id};
use crate::components::form::Form;
use crate::core::labels::Label;
use crate::{tl, tr};

/// Levels from beginner to trainer.
const LEVELS: [u8; 5] = [1, 2, 3, 4, 5];
/// The level of a newly chosen skill.
const DEFAULT_LEVEL: u8 = 3;

/// Returns the skills as text: `Pemasangan 4, Splicing 2`.
pub fn skills_text(skills: &[Skill]) -> String {
    if skills.is_empty() {
        return tr!(common.none).to_owned();
    }
    let labels = skills.iter().map(|skill| format!("{} {}", skill.skill.label(), skill.level));
    labels.collect::<Vec<_>>().join(", ")
}

/// The skills with their levels as bars.
#[component]
pub fn SkillList(skills: Vec<Skill>) -> impl IntoView {
    let row = |skill: Skill| {
        let bars = LEVELS
            .map(|level| {
                let class = if level <= skill.level {
                    "h-2 w-4 rounded-full bg-primary"
                } else {
                    "h-2 w-4 rounded-full bg-base-300"
                };
                view! { <span class=class></span> }
            })
            .collect_view();
        view! {
            <li class="flex items-center gap-3 py-1">
                <span class="grow">{move || skill.skill.label()}</span>
                <span class="flex gap-0.5" aria-hidden="true">{bars}</span>
                <span class="w-8 text-right text-sm text-muted">{format!("{}/5", skill.level)}</span>
            </li>
        }
    };
    view! { <ul>{skills.into_iter().map(row).collect_view()}</ul> }
}

/// The chosen level of each skill; `None` for a missing skill.
#[derive(Clone, Copy)]
pub struct SkillDraft(RwSignal<Vec<(SkillKind, Option<u8>)>>);

impl SkillDraft {
    /// Creates the input from the stored skills.
    pub fn new(skills: &[Skill]) -> Self {
        let level = |kind: SkillKind| {
            skills.iter().find(|skill| skill.skill == kind).map(|skill| skill.level)
        };
        Self(RwSignal::new(SkillKind::ALL.iter().map(|kind| (*kind, level(*kind))).collect()))
    }

    /// Returns the skills of the request.
    pub fn skills(self) -> Vec<Skill> {
        self.0.with_untracked(|levels| {
            let known = levels
                .iter()
                .filter_map(|(skill, level)| level.map(|level| Skill { skill: *skill, level }));
            known.collect()
        })
    }

    fn level(self, kind: SkillKind) -> Option<u8> {
        self.0.with(|levels| {
            levels.iter().find(|(own, _)| *own == kind).and_then(|(_, level)| *level)
        })
    }

    fn set(self, kind: SkillKind, level: Option<u8>) {
        self.0.update(|levels| {
            levels.iter_mut().filter(|(own, _)| *own == kind).for_each(|(_, old)| *old = level);
        });
    }
}

/// A checkbox and a level per skill.
#[component]
pub fn SkillFields(form: Form, draft: SkillDraft) -> impl IntoView {
    let row = move |kind: SkillKind| view! { <SkillRow kind=kind draft=draft /> };
    view! {
        <fieldset
            class="flex flex-col"
            aria-describedby=fault_id("skills")
            data-invalid=move || form.fault("skills").is_some().to_string()
            disabled=move || form.pending.get()
        >
            <legend class="mb-1 text-sm font-medium">{tl!(technicians.skills)}</legend>
            {SkillKind::ALL.iter().copied().map(row).collect_view()}
            <p class="text-sm text-muted">{tl!(technicians.level_hint)}</p>
            <FieldFault form=form name="skills" />
        </fieldset>
    }
}

#[component]
fn SkillRow(kind: SkillKind, draft: SkillDraft) -> impl IntoView {
    let has = move || draft.level(kind).is_some();
    let level_label = move || tr!(technicians.level_of, skill = kind.label()).to_string();
    view! {
        <div class="flex min-h-10 items-center gap-3">
            <label class="flex grow cursor-pointer items-center gap-2 py-1.5">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm checkbox-primary"
                    prop:checked=has
                    on:change=move |event| {
                        draft.set(kind, event_target_checked(&event).then_some(DEFAULT_LEVEL));
                    }
                    data-testid=format!("skill-{kind}")
                />
                {move || kind.label()}
            </label>
            <Show when=has>
                <select
                    class="select select-sm w-36"
                    aria-label=level_label
                    on:change=move |event| draft.set(kind, event_target_value(&event).parse().ok())
                    data-testid=format!("level-{kind}")
                >
                    {LEVELS
                        .map(|level| {
                            let chosen = move || draft.level(kind) == Some(level);
                            let label = move || tr!(technicians.level, level = level).to_string();
                            view! {
                                <option value=level.to_string() selected=chosen>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </Show>
        </div>
    }
}
