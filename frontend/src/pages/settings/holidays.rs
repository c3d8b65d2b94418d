//! Holidays, on which the SLA clock is paused.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::components::form::Form;
use crate::components::icon::{Icon, IconName};
use crate::core::format;
use crate::{tl, tr};

/// The days in order.
#[derive(Clone, Copy)]
pub struct Holidays(RwSignal<Vec<NaiveDate>>);

impl Holidays {
    /// Creates the input from the stored days.
    pub fn new(days: &[NaiveDate]) -> Self {
        let mut days = days.to_vec();
        days.sort_unstable();
        Self(RwSignal::new(days))
    }

    /// Returns the days of the request.
    pub fn days(self) -> Vec<NaiveDate> {
        self.0.get_untracked()
    }

    fn add(self, day: NaiveDate) {
        self.0.update(|days| {
            if let Err(index) = days.binary_search(&day) {
                days.insert(index, day);
            }
        });
    }
}

/// The days, and a field that adds one.
#[component]
pub fn HolidayFields(form: Form, holidays: Holidays) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let add = move |_| {
        if let Ok(day) = NaiveDate::parse_from_str(&typed.get_untracked(), "%Y-%m-%d") {
            holidays.add(day);
            typed.set(String::new());
        }
    };
    let row = move |day: NaiveDate| {
        let remove = move || tr!(settings.remove, item = format::day(day)).to_string();
        view! {
            <li class="flex items-center gap-2 py-1" data-testid="holiday">
                <span class="grow">{move || format::day(day)}</span>
                <button
                    type="button"
                    class="btn btn-ghost btn-sm btn-square"
                    aria-label=remove
                    on:click=move |_| holidays.0.update(|days| days.retain(|one| *one != day))
                >
                    <Icon name=IconName::Close />
                </button>
            </li>
        }
    };
    view! {
        <fieldset disabled=move || form.pending.get()>
            <legend class="mb-1 text-sm font-medium">{tl!(settings.calendar.holidays)}</legend>
            <p class="text-sm text-muted">{tl!(settings.calendar.holidays_hint)}</p>
            <ul class="my-1 divide-y divide-base-300">
                <For each=move || holidays.0.get() key=|day| *day children=row />
            </ul>
            <div class="flex gap-2">
                <input
                    type="date"
                    class="input input-sm w-40"
                    aria-label=tl!(settings.calendar.holiday)
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    data-testid="holiday-date"
                />
                <button
                    type="button"
                    class="btn btn-sm"
                    disabled=move || typed.get().is_empty()
                    on:click=add
                    data-testid="add-holiday"
                >
                    <Icon name=IconName::Plus />
                    {tl!(common.add)}
                </button>
            </div>
        </fieldset>
    }
}
