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
    /// Text of the field for coordinates or a link.
    pasted: RwSignal<String>,
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
        pasted: RwSignal::new(String::new()),
        last: RwSignal::new(None),
        left: RwSignal::new(None),
        cursor: RwSignal::new(None),
        pending: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    placing.load_next(true);
    let has_customer = Memo::new(move |_| placing.current.with(Option::is_some));
    let is_loaded = Memo::new(move |_| placing.left.with(Option::is_some));
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
            match (is_loaded.get(), has_customer.get()) {
                (false, _) => view! { <Skeleton /> }.into_any(),
                (true, false) => {
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
                (true, true) => view! { <PlaceCustomer placing=placing /> }.into_any(),
            }
        }}
    }
    .into_any()
}

/// The customer and the map. Both stay while one customer follows the other.
#[component]
fn PlaceCustomer(placing: Placing) -> impl IntoView {
    let Placing { position, pending, last, left, current, pasted, .. } = placing;
    let heading = NodeRef::<leptos::html::H2>::new();
    // The next customer is announced, and the keyboard begins with it.
    Effect::new(move |before: Option<Option<CustomerId>>| {
        let id = current.with(|customer| customer.as_ref().map(|customer| customer.id));
        if before.is_some_and(|before| before != id)
            && let Some(heading) = heading.get_untracked()
        {
            let _ = heading.focus();
        }
        id
    });
    let text = move |read: fn(&Customer) -> String| {
        current.with(|customer| customer.as_ref().map(read)).unwrap_or_default()
    };
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
    let search = move || {
        let words = text(|one| format!("{} {}", one.address, one.area.clone().unwrap_or_default()));
        format!("https://www.google.com/maps/search/{}", js_sys::encode_uri_component(&words))
    };
    view! {
        <div class="grid max-w-5xl gap-4 lg:grid-cols-[20rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
            <Card>
                <div class="flex flex-col gap-3 p-4" data-testid="place-customer">
                    <p
                        class="text-sm text-muted"
                        data-testid="places-left"
                        data-value=move || left.get().unwrap_or_default().to_string()
                    >
                        {move || {
                            let count = format::number(left.get().unwrap_or_default());
                            tr!(customers.place.left, count = count).to_string()
                        }}
                    </p>
                    <div>
                        <h2 node_ref=heading tabindex="-1" class="text-lg font-semibold wrap-anywhere">
                            {move || text(|one| one.name.clone())}
                        </h2>
                        <p class="text-muted">{move || text(|one| one.number.clone())}</p>
                    </div>
                    <p class="wrap-anywhere">{move || text(|one| one.address.clone())}</p>
                    <p class="text-muted empty:hidden">
                        {move || text(|one| one.area.clone().unwrap_or_default())}
                    </p>
                    {move || view! { <PhoneLink phone=text(|one| one.phone.clone()) /> }}
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
                </div>
            </Card>
            <div class="lg:col-start-2 lg:row-span-2 lg:row-start-1">
                <PositionMap position=position near=last />
            </div>
            <Card class="lg:self-start">
                <div class="flex flex-col gap-3 p-4">
                    <p class="font-mono text-sm empty:hidden" data-testid="position">
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
                            on:click=move |_| placing.save()
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
        let is_first = self.last.with_untracked(Option::is_none);
        spawn_local(async move {
            if is_first {
                self.last.try_set(any_position().await);
            }
            let answer = match (count, query.cursor.is_some()) {
                // Behind the last one there is nobody.
                (false, false) => {
                    Ok(Page { items: Vec::new(), next_cursor: None, total: None, capped: false })
                }
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
        self.pasted.try_set(String::new());
        self.cursor.try_set(page.next_cursor);
        if page.total.is_some() {
            self.left.try_set(page.total);
        }
        self.current.try_set(page.items.pop());
    }

    fn save(self) {
        let (position, customer) = (self.position.get_untracked(), self.current.get_untracked());
        let (Some(position), Some(customer)) = (position, customer) else { return };
        self.pending.set(true);
        let (id, version) = (customer.id, customer.version);
        let input = with_position(customer, position);
        spawn_local(async move {
            match api::customers::update(id, &input, version).await {
                Ok(_) if self.last.try_set(Some(position)).is_none() => {
                    self.left.update(|left| *left = left.map(|left| (left - 1).max(0)));
                    self.load_next(false);
                }
                // The page is gone.
                Ok(_) => {}
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
