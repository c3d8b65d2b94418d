//! Customers without coordinates, one after the other, on a map.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::customer::{Customer, CustomerInput, CustomerQuery, CustomerSort};
use shared::{Coordinates, CustomerId, Page, Permission};

use crate::components::back_link::BackLink;
use crate::components::contact::PhoneLink;
use crate::components::icon::{Icon, IconName};
use crate::components::page::{Card, PageHeader};
use crate::components::page_states::{ErrorState, Forbidden, Skeleton};
use crate::components::position_map::PositionMap;
use crate::core::error_text::ErrorText;
use crate::core::{format, session, toast};
use crate::{api, tl, tr};

/// State of the page.
#[derive(Clone, Copy)]
struct Placing {
    current: RwSignal<Option<Customer>>,
    position: RwSignal<Option<Coordinates>>,
    /// The position before, near which the next customer probably lives.
    last: RwSignal<Option<Coordinates>>,
    /// How many have no coordinates yet; `None` until they are counted.
    left: RwSignal<Option<i64>>,
    /// Where the next customer begins: those before were placed or passed over.
    cursor: RwSignal<Option<String>>,
    pending: RwSignal<bool>,
    error: RwSignal<Option<api::ApiError>>,
}

/// The page.
#[component]
pub fn PlaceCustomersPage() -> impl IntoView {
    if !session::can(Permission::CustomersWrite) {
        return view! { <Forbidden /> }.into_any();
    }
    let placing = Placing {
        current: RwSignal::new(None),
        position: RwSignal::new(None),
        last: RwSignal::new(None),
        left: RwSignal::new(None),
        cursor: RwSignal::new(None),
        pending: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    placing.load_next(true);
    view! {
        <BackLink href="/customers" label=tl!(customers.title) />
        <PageHeader title=tl!(customers.place.title) />
        {move || {
            if let Some(error) = placing.error.get() {
                return view! {
                    <ErrorState error=error retry=move |()| placing.load_next(true) />
                }
                .into_any();
            }
            match (placing.left.get(), placing.current.get()) {
                (None, _) => view! { <Skeleton /> }.into_any(),
                (Some(_), None) => {
                    view! {
                        <Card>
                            <p class="flex items-center gap-2 p-4" data-testid="all-placed">
                                <Icon name=IconName::CheckCircle class="size-5 text-success" />
                                {tl!(customers.place.done)}
                            </p>
                        </Card>
                    }
                    .into_any()
                }
                (Some(left), Some(customer)) => {
                    view! { <PlaceCustomer placing=placing customer=customer left=left /> }.into_any()
                }
            }
        }}
    }
    .into_any()
}

#[component]
fn PlaceCustomer(placing: Placing, customer: Customer, left: i64) -> impl IntoView {
    let pasted = RwSignal::new(String::new());
    let Placing { position, pending, last, .. } = placing;
    let paste = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        if let Ok(Some(place)) = Coordinates::parse(&text) {
            position.set(Some(place));
        }
        pasted.set(text);
    };
    let is_unknown = move || {
        pasted.with(|text| {
            !text.trim().is_empty() && !matches!(Coordinates::parse(text), Ok(Some(_)))
        })
    };
    let address = customer.address.clone();
    let search = format!(
        "https://www.google.com/maps/search/{}",
        js_sys::encode_uri_component(&format!(
            "{} {}",
            customer.address,
            customer.area.clone().unwrap_or_default()
        ))
    );
    let saved = customer.clone();
    view! {
        <div class="grid max-w-5xl gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
            <Card>
                <div class="flex flex-col gap-3 p-4" data-testid="place-customer">
                    <p class="text-sm text-muted" data-testid="places-left" data-value=left.to_string()>
                        {move || tr!(customers.place.left, count = format::number(left)).to_string()}
                    </p>
                    <div>
                        <p class="text-lg font-semibold wrap-anywhere">{customer.name.clone()}</p>
                        <p class="text-muted">{customer.number.clone()}</p>
                    </div>
                    <p class="wrap-anywhere">{address}</p>
                    {customer.area.clone().map(|area| view! { <p class="text-muted">{area}</p> })}
                    <PhoneLink phone=customer.phone.clone() />
                    <a href=search target="_blank" rel="noopener" class="link">
                        {tl!(customers.place.search)}
                    </a>
                    <label class="flex flex-col gap-1 text-sm font-medium">
                        {tl!(customers.place.paste)}
                        <input
                            type="text"
                            class="input w-full"
                            class:input-error=is_unknown
                            placeholder="-7.7684, 110.2791"
                            prop:value=move || pasted.get()
                            on:input=paste
                            data-testid="paste-position"
                        />
                    </label>
                    <p class="text-sm text-error empty:hidden" aria-live="polite">
                        {move || is_unknown().then(|| tr!(customers.place.unknown))}
                    </p>
                    <p class="font-mono text-sm" data-testid="position">
                        {move || {
                            position
                                .get()
                                .map(|place| format!("{}, {}", place.latitude(), place.longitude()))
                        }}
                    </p>
                    <div class="flex flex-wrap gap-2">
                        <button
                            type="button"
                            class="btn btn-primary grow"
                            disabled=move || pending.get() || position.with(Option::is_none)
                            on:click=move |_| placing.save(saved.clone())
                            data-testid="save-position"
                        >
                            {tl!(customers.place.save)}
                        </button>
                        <button
                            type="button"
                            class="btn"
                            disabled=move || pending.get()
                            on:click=move |_| placing.load_next(false)
                            data-testid="skip-customer"
                        >
                            {tl!(customers.place.skip)}
                        </button>
                    </div>
                </div>
            </Card>
            <PositionMap position=position near=last />
        </div>
    }
}

impl Placing {
    /// Loads the next customer; from the beginning, with their number, if `count`.
    fn load_next(self, count: bool) {
        self.pending.set(true);
        self.error.set(None);
        let query = CustomerQuery {
            without_coordinates: Some(true),
            sort: Some(CustomerSort::OldestFirst),
            limit: Some(1),
            cursor: if count { None } else { self.cursor.get_untracked() },
            with_total: Some(count),
            ..CustomerQuery::default()
        };
        spawn_local(async move {
            if self.last.get_untracked().is_none() {
                self.last.try_set(any_position().await);
            }
            let answer = match (count, query.cursor.is_some()) {
                // Behind the last one there is nobody.
                (false, false) => Ok(Page { items: Vec::new(), next_cursor: None, total: None }),
                _ => api::customers::list(&query).await,
            };
            self.pending.try_set(false);
            match answer {
                Ok(page) => self.show(page),
                Err(error) => {
                    self.error.try_set(Some(error));
                }
            }
        });
    }

    fn show(self, mut page: Page<Customer>) {
        self.position.try_set(None);
        self.cursor.try_set(page.next_cursor);
        if page.total.is_some() {
            self.left.try_set(page.total);
        }
        self.current.try_set(page.items.pop());
    }

    fn save(self, customer: Customer) {
        let Some(position) = self.position.get_untracked() else { return };
        self.pending.set(true);
        let (id, version) = (customer.id, customer.version);
        let input = with_position(customer, position);
        spawn_local(async move {
            match api::customers::update(id, &input, version).await {
                Ok(_) => {
                    self.last.try_set(Some(position));
                    self.left.try_update(|left| *left = left.map(|left| (left - 1).max(0)));
                    self.load_next(false);
                }
                Err(error) => {
                    toast::error(error.message());
                    self.pending.try_set(false);
                    self.reload(id).await;
                }
            }
        });
    }

    /// Shows the customer as somebody else has changed it; the chosen position stays.
    async fn reload(self, id: CustomerId) {
        if let Ok(customer) = api::customers::get(id).await {
            self.current.try_set(Some(customer));
        }
    }
}

/// Where some customer lives: a map begins there rather than with the whole country.
async fn any_position() -> Option<Coordinates> {
    let query = CustomerQuery { limit: Some(200), ..CustomerQuery::default() };
    let page = api::customers::list(&query).await.ok()?;
    page.items.iter().find_map(|customer| {
        let (latitude, longitude) = customer.latitude.zip(customer.longitude)?;
        Coordinates::from_pair(latitude, longitude).ok().flatten()
    })
}

fn with_position(customer: Customer, position: Coordinates) -> CustomerInput {
    CustomerInput {
        name: customer.name,
        phone: customer.phone,
        second_phone: customer.second_phone,
        email: customer.email,
        address: customer.address,
        area: customer.area,
        latitude: Some(position.latitude()),
        longitude: Some(position.longitude()),
        plan_id: customer.plan_id,
        status: Some(customer.status),
        nik: customer.nik,
        odp: customer.odp,
        notes: customer.notes,
    }
}
