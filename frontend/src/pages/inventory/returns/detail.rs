//! Page of a return.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::inventory::{BagReturn, BagReturnLine, BagReturnStatus};
use shared::live::LiveEvent;
use shared::{BagReturnId, Permission};

use super::confirm_count::ConfirmCountForm;
use super::status_style::{ReturnBadge, quantity};
use crate::components::back_link::BackLink;
use crate::components::description_list::{DescriptionItem, DescriptionList};
use crate::components::page::{Card, use_title};
use crate::components::page_states::{Loaded, NotFound};
use crate::components::time::RelativeTime;
use crate::core::labels::quantity_label;
use crate::core::load::use_load;
use crate::core::session;
use crate::{api, tl, tr};

/// The page of the return in the address.
#[component]
pub fn BagReturnPage() -> impl IntoView {
    let params = use_params_map();
    let page = move || match params.read().get("id").and_then(|id| id.parse().ok()) {
        Some(id) => view! { <ReturnDetails id=id /> }.into_any(),
        None => view! { <NotFound /> }.into_any(),
    };
    page.into_any()
}

#[component]
fn ReturnDetails(id: BagReturnId) -> impl IntoView {
    let load = use_load(
        move || api::bag_returns::get(id),
        move |event| matches!(event, LiveEvent::BagReturn(back) if back.id == id),
    );
    use_title(move || tr!(inventory.returns.one, number = id.to_string()).to_string());
    let reload = Callback::new(move |()| load.reload());
    view! {
        <BackLink href="/inventory/returns" label=tl!(inventory.returns.title) />
        <Loaded data=load view=move |one| page(one, reload).into_any() />
    }
}

fn page(one: BagReturn, reload: Callback<()>) -> impl IntoView {
    let counting =
        one.status == BagReturnStatus::Requested && session::can(Permission::InventoryWrite);
    let goods = match counting {
        true => view! { <ConfirmCountForm one=one.clone() on_done=reload /> }.into_any(),
        false => table(one.lines.clone()).into_any(),
    };
    let number = one.id.to_string();
    let status = one.status;
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 class="text-xl font-semibold" data-testid="return-number">
                {move || tr!(inventory.returns.one, number = number.clone()).to_string()}
            </h1>
            <span data-testid="return-status">
                <ReturnBadge status=status />
            </span>
        </div>
        <div class="grid items-start gap-4 lg:grid-cols-3">
            <Card title=tl!(inventory.returns.about)>{details(one)}</Card>
            <Card title=tl!(inventory.lines) class="lg:col-span-2">
                {goods}
            </Card>
        </div>
    }
}

fn details(one: BagReturn) -> impl IntoView {
    let technician = format!("/technicians/{}", one.technician_id);
    let decided = one.decided_by.zip(one.decided_at).map(|(by, at)| {
        view! {
            <DescriptionItem label=tl!(inventory.returns.decided_by)>
                <div>{by}</div>
                <div class="text-sm text-muted">
                    <RelativeTime at=at />
                </div>
            </DescriptionItem>
        }
    });
    let place = one.location_name.map(|name| {
        view! { <DescriptionItem label=tl!(inventory.to_warehouse)>{name}</DescriptionItem> }
    });
    let reason = one.reason.map(|reason| {
        view! {
            <DescriptionItem label=tl!(inventory.movements.reason) wide=true testid="return-reason">
                {reason}
            </DescriptionItem>
        }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=tl!(inventory.technician)>
                <a href=technician class="link link-hover">
                    {one.technician_name}
                </a>
            </DescriptionItem>
            <DescriptionItem label=tl!(inventory.returns.requested_at)>
                <RelativeTime at=one.created_at />
            </DescriptionItem>
            {decided}
            {place}
            {reason}
        </DescriptionList>
    }
}

fn table(lines: Vec<BagReturnLine>) -> impl IntoView {
    let row = |line: BagReturnLine| {
        let serials = match line.counted {
            Some(_) => line.counted_serial_numbers.join(", "),
            None => line.serial_numbers.join(", "),
        };
        let (named, unit) = (line.quantity, line.unit);
        let here = quantity(&line);
        let differs = (here != named).then(|| {
            view! {
                <div class="text-sm text-warning">
                    {move || tr!(inventory.returns.named, amount = quantity_label(named, unit)).to_string()}
                </div>
            }
        });
        view! {
            <tr role="row" data-testid="return-line">
                <td role="cell" class="cell-main">
                    <a href=format!("/inventory/{}", line.item_id) class="row-link">
                        {line.item_code}
                    </a>
                </td>
                <td role="cell" class="cell-block" data-label=tl!(inventory.name)>
                    <div>
                        {line.item_name} <div class="font-mono text-xs text-muted">{serials}</div>
                    </div>
                </td>
                <td role="cell" class="cell-number" data-label=tl!(inventory.quantity)>
                    <div>
                        <span>{move || quantity_label(here, unit)}</span>
                        {differs}
                    </div>
                </td>
            </tr>
        }
    };
    view! {
        <table class="list-table" role="table">
            <caption class="sr-only">{tl!(inventory.lines)}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">{tl!(inventory.code)}</th>
                    <th role="columnheader" scope="col">{tl!(inventory.name)}</th>
                    <th role="columnheader" scope="col" class="cell-number">
                        {tl!(inventory.quantity)}
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
