//! Stored customers that look like the one that is being typed.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::customer::{Customer, SimilarCustomer, SimilarCustomerQuery, SimilarityReason};
use shared::{Nik, PhoneNumber};

use crate::api;
use crate::{tl, tr};

/// Pause in typing before the customers are compared.
const DELAY: Duration = Duration::from_millis(400);

/// The texts that are compared.
#[derive(Clone, Copy)]
pub struct TypedCustomer {
    pub name: RwSignal<String>,
    pub phone: RwSignal<String>,
    /// Not every form has one.
    pub second_phone: Option<RwSignal<String>>,
    /// Not every form has one.
    pub nik: Option<RwSignal<String>>,
    pub address: RwSignal<String>,
}

impl TypedCustomer {
    /// Returns what can be compared already; `None` while nothing can. Tracks.
    fn query(self) -> Option<SimilarCustomerQuery> {
        let phone = |text: RwSignal<String>| {
            Some(text.get()).filter(|text| PhoneNumber::parse(text).is_ok())
        };
        let text = |text: RwSignal<String>| Some(text.get()).filter(|text| !text.trim().is_empty());
        let (name, address) = (text(self.name), text(self.address));
        let both = name.is_some() && address.is_some();
        let query = SimilarCustomerQuery {
            phone: phone(self.phone),
            second_phone: self.second_phone.and_then(phone),
            nik: self.nik.map(|nik| nik.get()).filter(|nik| Nik::parse(nik).is_ok()),
            name: name.filter(|_| both),
            address: address.filter(|_| both),
        };
        (query != SimilarCustomerQuery::default()).then_some(query)
    }
}

/// Names the customers with the same phone number, or the same name and address, each with a way to it. Saving stays
/// possible: families share a number.
#[component]
pub fn SimilarCustomers(
    typed: TypedCustomer,
    /// Uses a stored customer instead; without it the customer's page opens.
    #[prop(optional, into)]
    on_use: Option<Callback<Customer>>,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<SimilarCustomer>::new());
    let asked = StoredValue::new(None::<SimilarCustomerQuery>);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    let compare = move || {
        let Some(query) = asked.get_value() else { return };
        spawn_local(async move {
            let answer = api::customers::similar(&query).await;
            // The input has changed since, or the form is gone. A failure only means that there is no hint.
            if asked.try_get_value().flatten() == Some(query) {
                found.set(answer.map(|page| page.items).unwrap_or_default());
            }
        });
    };
    Effect::new(move || {
        let query = typed.query();
        if asked.get_value() == query {
            return;
        }
        stop();
        asked.set_value(query.clone());
        if query.is_some() {
            timer.set_value(set_timeout_with_handle(compare, DELAY).ok());
        } else {
            found.set(Vec::new());
        }
    });
    on_cleanup(stop);
    let row = move |similar: SimilarCustomer| {
        let SimilarCustomer { customer, reason } = similar;
        let (name, number) = (customer.name.clone(), customer.number.clone());
        let text = move || {
            let (name, number) = (name.clone(), number.clone());
            match reason {
                SimilarityReason::Phone => {
                    tr!(customers.similar.phone, name = name, number = number).to_string()
                }
                SimilarityReason::Nik => {
                    tr!(customers.similar.nik, name = name, number = number).to_string()
                }
                SimilarityReason::NameAndAddress => {
                    tr!(customers.similar.name_and_address, name = name, number = number)
                        .to_string()
                }
            }
        };
        let page = format!("/customers/{}", customer.id);
        let way = match on_use {
            Some(on_use) => {
                let customer = StoredValue::new(customer);
                view! {
                    <button
                        type="button"
                        class="btn btn-sm"
                        on:click=move |_| on_use.run(customer.get_value())
                        data-testid="use-similar-customer"
                    >
                        {tl!(customers.similar.use_this)}
                    </button>
                }
                .into_any()
            }
            None => view! {
                <a href=page class="btn btn-sm" data-testid="open-similar-customer">
                    {tl!(customers.similar.open)}
                </a>
            }
            .into_any(),
        };
        view! {
            <li class="flex flex-wrap items-center gap-2" data-testid="similar-customer">
                <span class="min-w-0 grow">{text}</span>
                {way}
            </li>
        }
    };
    view! {
        <div role="status">
            {move || {
                let found = found.get();
                (!found.is_empty())
                    .then(|| {
                        view! {
                            <ul class="flex flex-col gap-2 rounded-field border border-warning bg-base-200 px-3 py-2">
                                {found.into_iter().map(row).collect_view()}
                            </ul>
                        }
                    })
            }}
        </div>
    }
}
