//! Working calendar, during which the SLA clock runs.

use chrono::{NaiveTime, Weekday};
use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::settings::{WorkingCalendar, WorkingHours};

use super::holidays::{HolidayFields, Holidays};
use crate::components::field::FieldFault;
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::core::format;
use crate::{tl, tr};

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// The input of one day.
#[derive(Clone, Copy)]
struct DayDraft {
    open: RwSignal<bool>,
    opens: RwSignal<String>,
    closes: RwSignal<String>,
}

/// The input of the calendar.
#[derive(Clone, Copy)]
pub struct CalendarDraft {
    week: [DayDraft; 7],
    holidays: Holidays,
}

impl CalendarDraft {
    /// Creates the input from the stored calendar.
    pub fn new(of: &WorkingCalendar) -> Self {
        let text = |time: NaiveTime| RwSignal::new(time.format("%H:%M").to_string());
        let week = of.week.map(|day| {
            let hours =
                day.unwrap_or(WorkingHours { opens: NaiveTime::MIN, closes: NaiveTime::MIN });
            DayDraft {
                open: RwSignal::new(day.is_some()),
                opens: text(hours.opens),
                closes: text(hours.closes),
            }
        });
        Self { week, holidays: Holidays::new(&of.holidays) }
    }

    /// Returns the calendar of the request.
    pub fn calendar(self, parser: &mut FormParser) -> WorkingCalendar {
        let mut week = [None; 7];
        for (index, (day, slot)) in self.week.iter().zip(&mut week).enumerate() {
            if !day.open.get_untracked() {
                continue;
            }
            let mut read = |text: RwSignal<String>| {
                let time = text.get_untracked();
                let time =
                    time.get(..5).and_then(|time| NaiveTime::parse_from_str(time, "%H:%M").ok());
                if time.is_none() {
                    parser
                        .add_fault(&format!("calendar.week[{index}].closes"), ErrorCode::Required);
                }
                time.unwrap_or_default()
            };
            *slot = Some(WorkingHours { opens: read(day.opens), closes: read(day.closes) });
        }
        WorkingCalendar { week, holidays: self.holidays.days() }
    }
}

/// Seven days and the holidays.
#[component]
pub fn CalendarFields(form: Form, draft: CalendarDraft) -> impl IntoView {
    let rows = draft
        .week
        .into_iter()
        .enumerate()
        .map(|(index, day)| view! { <DayFields form=form index=index day=day /> })
        .collect_view();
    view! {
        <div class="grid gap-6 p-4 lg:grid-cols-2">
            <fieldset disabled=move || form.pending.get()>
                <legend class="mb-1 text-sm font-medium">{tl!(settings.calendar.week)}</legend>
                <p class="text-sm text-muted">{tl!(settings.calendar.hint)}</p>
                <div class="mt-1">{rows}</div>
                <FieldFault form=form name="calendar.week" />
            </fieldset>
            <HolidayFields form=form holidays=draft.holidays />
        </div>
    }
}

#[component]
fn DayFields(form: Form, index: usize, day: DayDraft) -> impl IntoView {
    let path = format!("calendar.week[{index}].closes");
    let name = move || format::weekday(WEEK[index % 7]);
    let mend = {
        let path = path.clone();
        StoredValue::new(move || form.clear_fault(&path))
    };
    let time = move |value: RwSignal<String>, label: fn() -> &'static str| {
        view! {
            <input
                type="time"
                class="input input-sm w-25 px-1.5"
                aria-label=move || format!("{}: {}", name(), label())
                prop:value=move || value.get()
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    mend.with_value(|mend| mend());
                }
            />
        }
    };
    let whole_day = move || {
        let midnight = |text: RwSignal<String>| text.with(|text| text == "00:00");
        midnight(day.opens) && midnight(day.closes)
    };
    view! {
        <div class="flex min-h-10 flex-wrap items-center gap-x-2 gap-y-1 py-1">
            <label class="flex w-15 cursor-pointer items-center gap-2">
                <input
                    type="checkbox"
                    class="checkbox checkbox-sm checkbox-primary"
                    prop:checked=move || day.open.get()
                    on:change=move |event| {
                        day.open.set(event_target_checked(&event));
                        form.clear_fault("calendar.week");
                    }
                    data-testid=format!("day-{index}")
                />
                {name}
            </label>
            <Show
                when=move || day.open.get()
                fallback=|| view! { <span class="text-muted">{tl!(settings.calendar.closed)}</span> }
            >
                {time(day.opens, || tr!(settings.calendar.opens))}
                <span aria-hidden="true">"–"</span>
                {time(day.closes, || tr!(settings.calendar.closes))}
                <Show when=whole_day>
                    <span class="text-sm text-muted max-sm:hidden">{tl!(settings.calendar.whole_day)}</span>
                </Show>
            </Show>
            <div class="w-full empty:hidden">
                <FieldFault form=form name=path />
            </div>
        </div>
    }
}
