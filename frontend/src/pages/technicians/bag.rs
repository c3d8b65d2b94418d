//! Bag of a technician.

use leptos::prelude::*;
use shared::inventory::Stock;
use shared::live::LiveEvent;
use shared::{Permission, TechnicianId};

use crate::components::icon::{Icon, IconName};
use crate::components::page::Card;
use crate::components::page_states::{EmptyState, Loaded};
use crate::core::labels::Label;
use crate::core::load::use_load;
use crate::core::{format, session};
use crate::{api, tl};

/// The stock in the bag, with links to the booking forms.
#[component]
pub fn Bag(technician: TechnicianId) -> impl IntoView {
    let load = use_load(
        move || api::inventory::technician_stock(technician),
        move |event| {
            matches!(event, LiveEvent::InventoryMoved(moved)
                if moved.technician_ids.contains(&technician))
        },
    );
    let link =
        move |kind: &str| format!("/inventory/movements/new?kind={kind}&technician={technician}");
    let (issue, give_back) = (link("issue"), link("return"));
    let buttons = move || {
        let (issue, give_back) = (issue.clone(), give_back.clone());
        session::can(Permission::InventoryWrite).then(|| {
            view! {
                <a href=give_back class="btn btn-xs">
                    <Icon name=IconName::Down class="size-3 max-sm:hidden" />
                    {tl!(technicians.give_back)}
                </a>
                <a href=issue class="btn btn-xs">
                    <Icon name=IconName::Up class="size-3 max-sm:hidden" />
                    {tl!(technicians.hand_out)}
                </a>
            }
        })
    };
    view! {
        <Card title=tl!(technicians.bag) action=buttons>
            <Loaded data=load view=|items| table(items).into_any() skeleton_rows=3 />
        </Card>
    }
}

fn table(items: Vec<Stock>) -> impl IntoView {
    if items.is_empty() {
        return view! { <EmptyState title=tl!(technicians.bag_empty) hint=tl!(technicians.bag_hint) /> }
            .into_any();
    }
    let row = |item: Stock| {
        let serials = (!item.serial_numbers.is_empty()).then(|| {
            view! { <div class="font-mono text-xs text-muted">{item.serial_numbers.join(", ")}</div> }
        });
        view! {
            <tr role="row" data-testid="bag-row">
                <td role="cell" class="cell-main">
                    <a href=format!("/inventory/{}", item.item_id) class="row-link">
                        {item.code.clone()}
                    </a>
                </td>
                <td role="cell" class="cell-block" data-label=tl!(inventory.name)>
                    <div>{item.name} {serials}</div>
                </td>
                <td role="cell" class="cell-number" data-label=tl!(inventory.quantity)>
                    <span data-testid=format!("bag-{}", item.code)>
                        {move || format!("{} {}", format::number(item.quantity), item.unit.label())}
                    </span>
                </td>
            </tr>
        }
    };
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{tl!(technicians.bag)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(inventory.code)}</th>
                    <th role="columnheader" scope="col">{tl!(inventory.name)}</th>
                    <th role="columnheader" scope="col" class="cell-number">{tl!(inventory.quantity)}</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{items.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
