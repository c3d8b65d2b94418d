//! Serialised units of an item.

use leptos::prelude::*;
use shared::inventory::{Unit, UnitQuery, UnitState};
use shared::live::LiveEvent;
use shared::{CommaList, ItemId};

use crate::api;
use crate::components::badge::{Badge, Tone};
use crate::components::icon::IconName;
use crate::components::list_view::{Column, FilterSelect, ListSpec, ListView};
use crate::core::labels::Label;
use crate::core::list::{List, use_list};
use crate::{enum_options, tl, tr};

/// Every unit with serial number, state and location.
#[component]
pub fn Units(item: ItemId) -> impl IntoView {
    let list: List<UnitQuery, Unit> = use_list(
        move |query: UnitQuery| async move { api::inventory::units(item, &query).await },
        move |event| matches!(event, LiveEvent::InventoryMoved(moved) if moved.item_id == item),
    );
    let state = Signal::derive(move || {
        list.query.with(|query| {
            let chosen = query.state.as_ref().and_then(|list| list.0.first());
            chosen.map(ToString::to_string).unwrap_or_default()
        })
    });
    let filters = view! {
        <FilterSelect
            label=tl!(inventory.unit_state)
            name="state"
            value=state
            options=enum_options!(UnitState)
            on_change=move |text: String| {
                let state = text.parse().ok().map(|state| CommaList(vec![state]));
                list.change(|query| query.state = state);
            }
        />
    };
    view! { <ListView list=list spec=spec() filters=filters.into_any() /> }
}

fn spec() -> ListSpec<Unit> {
    let columns = vec![
        Column::new(|| tr!(inventory.serial), serial_cell)
            .main()
            .text(|unit| unit.serial_number.clone()),
        Column::new(
            || tr!(inventory.unit_state),
            |unit: &Unit| view! { <UnitBadge state=unit.state /> }.into_any(),
        )
        .side()
        .text(|unit| unit.state.label().to_owned())
        .testid("unit-state"),
        Column::new(|| tr!(inventory.place), |unit: &Unit| unit.location_name.clone().into_any())
            .text(|unit| unit.location_name.clone()),
    ];
    ListSpec {
        columns,
        // A unit has no version: only its state and location can change.
        key: |unit| (unit.id.0, unit.location_id.0 * 16 + unit.state as i64),
        href: None,
        name: "unit",
        caption: || tr!(inventory.units),
        search_hint: Some(|| tr!(inventory.serial)),
        empty_hint: || tr!(inventory.no_units),
    }
}

fn serial_cell(unit: &Unit) -> AnyView {
    view! { <span class="font-mono">{unit.serial_number.clone()}</span> }.into_any()
}

/// Badge of the state of a unit.
#[component]
fn UnitBadge(state: UnitState) -> impl IntoView {
    let (tone, icon) = match state {
        UnitState::InStock => (Tone::Success, IconName::Inventory),
        UnitState::WithTechnician => (Tone::Info, IconName::Person),
        UnitState::Installed => (Tone::Accent, IconName::Check),
        UnitState::Returned => (Tone::Neutral, IconName::Down),
        UnitState::Damaged => (Tone::Error, IconName::Alert),
        UnitState::Lost => (Tone::Warning, IconName::Ban),
    };
    view! { <Badge tone=tone icon=icon text=move || state.label() /> }
}
