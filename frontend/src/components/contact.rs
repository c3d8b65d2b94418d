//! Links that call a phone number or open an address on the map.

use leptos::prelude::*;

use super::icon::{Icon, IconName};
use crate::core::format;
use crate::tr;

/// A phone number that calls; a masked one is plain text.
#[component]
pub fn PhoneLink(#[prop(into)] phone: String) -> impl IntoView {
    let shown = format::phone(&phone);
    if phone.contains('•') {
        return view! { <span class="whitespace-nowrap">{shown}</span> }.into_any();
    }
    let name = shown.clone();
    view! {
        <a
            href=format!("tel:{phone}")
            class="link link-hover relative z-10 inline-flex items-center gap-1 whitespace-nowrap"
            aria-label=move || tr!(common.call, phone = name.clone()).to_string()
        >
            <Icon name=IconName::Phone class="size-3.5 shrink-0 text-muted" />
            {shown}
        </a>
    }
    .into_any()
}

/// Returns the map link of a point, or of a search for the address where the point is unknown.
pub fn map_url(address: &str, place: Option<(f64, f64)>) -> String {
    match place {
        Some((latitude, longitude)) => {
            format!("https://www.google.com/maps/search/?api=1&query={latitude}%2C{longitude}")
        }
        None => {
            let query = String::from(js_sys::encode_uri_component(address));
            format!("https://www.google.com/maps/search/?api=1&query={query}")
        }
    }
}

/// An address that opens the map.
#[component]
pub fn AddressLink(
    #[prop(into)] address: String,
    #[prop(optional_no_strip)] latitude: Option<f64>,
    #[prop(optional_no_strip)] longitude: Option<f64>,
) -> impl IntoView {
    let url = map_url(&address, latitude.zip(longitude));
    let name = address.clone();
    view! {
        <a
            href=url
            target="_blank"
            rel="noopener noreferrer"
            class="link link-hover relative z-10 inline-flex items-start gap-1"
            aria-label=move || tr!(common.open_map, address = name.clone()).to_string()
        >
            <Icon name=IconName::MapPin class="mt-1 size-3.5 shrink-0 text-muted" />
            <span>{address}</span>
        </a>
    }
}
