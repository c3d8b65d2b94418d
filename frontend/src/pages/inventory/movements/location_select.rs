//! Header fields of a movement form: locations, technician and reason.

use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::inventory::{Location, LocationKind};
use shared::{LocationId, TechnicianId};

use super::types::BookingKind;
use crate::components::field::{SelectField, TextField};
use crate::components::form::Form;
use crate::components::form_parse::FormParser;
use crate::components::technician_options::technician_options;
use crate::{api, tl};

/// The input above the lines. All kinds share the fields, so switching the kind keeps them.
#[derive(Clone, Copy)]
pub struct MovementHeader {
    /// The warehouse; in a transfer the source.
    pub location: RwSignal<String>,
    pub to: RwSignal<String>,
    pub technician: RwSignal<String>,
    pub supplier: RwSignal<String>,
    pub invoice: RwSignal<String>,
    pub reason: RwSignal<String>,
}

impl MovementHeader {
    /// Creates empty input, perhaps with a technician.
    pub fn new(technician: String) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            location: empty(),
            to: empty(),
            technician: RwSignal::new(technician),
            supplier: empty(),
            invoice: empty(),
            reason: empty(),
        }
    }

    /// Returns the chosen location; adds a fault if there is none.
    pub fn place(
        self,
        field: &str,
        chosen: RwSignal<String>,
        parser: &mut FormParser,
    ) -> LocationId {
        LocationId(id(field, chosen, parser))
    }

    /// Returns the chosen technician; adds a fault if there is none.
    pub fn technician(self, parser: &mut FormParser) -> TechnicianId {
        TechnicianId(id("technician_id", self.technician, parser))
    }
}

fn id(field: &str, chosen: RwSignal<String>, parser: &mut FormParser) -> i64 {
    chosen.get_untracked().parse().unwrap_or_else(|_| {
        parser.add_fault(field, ErrorCode::Required);
        0
    })
}

/// Loads every location once and preselects the first warehouse.
pub fn use_places(head: MovementHeader) -> Signal<Vec<Location>> {
    let loaded = LocalResource::new(|| async {
        api::inventory::locations().await.map(|page| page.items).unwrap_or_default()
    });
    let places = Signal::derive(move || loaded.get().unwrap_or_default());
    Effect::new(move || {
        let first = places.with(|places| {
            let mut warehouses = places.iter().filter(|one| one.kind == LocationKind::Warehouse);
            warehouses.next().map(|warehouse| warehouse.id.to_string())
        });
        if let Some(first) = first.filter(|_| head.location.with_untracked(String::is_empty)) {
            head.location.set(first);
        }
    });
    places
}

fn options(
    places: Signal<Vec<Location>>,
    kinds: &'static [LocationKind],
) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        places.with(|places| {
            let fitting = places.iter().filter(|place| kinds.contains(&place.kind));
            fitting.map(|place| (place.id.to_string(), place.name.clone())).collect()
        })
    })
}

const WAREHOUSE_KINDS: &[LocationKind] = &[LocationKind::Warehouse];
/// Locations whose stock can be adjusted.
const ADJUSTABLE_KINDS: &[LocationKind] = &[LocationKind::Warehouse, LocationKind::Technician];
/// Locations between which goods can be transferred.
const TRANSFER_KINDS: &[LocationKind] =
    &[LocationKind::Warehouse, LocationKind::Technician, LocationKind::Damaged, LocationKind::Lost];

/// The fields of one kind of movement.
#[component]
pub fn MovementHeaderFields(
    form: Form,
    kind: BookingKind,
    head: MovementHeader,
    places: Signal<Vec<Location>>,
) -> impl IntoView {
    let place = move |name: &'static str, label: TextProp, value, kinds| {
        view! {
            <SelectField
                form=form
                name=name
                label=label
                value=value
                options=options(places, kinds)
                required=true
                empty=true
            />
        }
        .into_any()
    };
    let technician = move || {
        view! {
            <SelectField
                form=form
                name="technician_id"
                label=tl!(inventory.technician)
                value=head.technician
                options=technician_options()
                required=true
                empty=true
            />
        }
        .into_any()
    };
    let line = move |name: &'static str, label: TextProp, value, required: bool| {
        view! { <TextField form=form name=name label=label value=value required=required /> }
            .into_any()
    };
    let from = || TextProp::from(tl!(inventory.from_warehouse));
    let to = || TextProp::from(tl!(inventory.to_warehouse));
    let fields = match kind {
        BookingKind::Issue => {
            vec![technician(), place("location_id", from(), head.location, WAREHOUSE_KINDS)]
        }
        BookingKind::Return => {
            vec![technician(), place("location_id", to(), head.location, WAREHOUSE_KINDS)]
        }
        BookingKind::Transfer => vec![
            place("from_location_id", tl!(inventory.from).into(), head.location, TRANSFER_KINDS),
            place("to_location_id", tl!(inventory.to).into(), head.to, TRANSFER_KINDS),
        ],
        BookingKind::Adjustment => vec![
            place("location_id", tl!(inventory.place).into(), head.location, ADJUSTABLE_KINDS),
            line("reason", tl!(inventory.movements.reason).into(), head.reason, true),
        ],
        BookingKind::Receipt => vec![
            place("location_id", to(), head.location, WAREHOUSE_KINDS),
            line("supplier", tl!(inventory.supplier).into(), head.supplier, false),
            line("invoice_number", tl!(inventory.invoice).into(), head.invoice, false),
        ],
    };
    view! { <div class="grid gap-4 sm:grid-cols-2">{fields}</div> }.into_any()
}
