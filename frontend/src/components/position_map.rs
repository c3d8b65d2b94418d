//! A map on which a position is chosen.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::Coordinates;

use super::icon::{Icon, IconName};
use crate::browser::map_script::{Map, MapStart};
use crate::{api, tl, tr};

/// The map with a pin. A click, or the button for the middle of the map, puts the pin somewhere.
#[component]
pub fn PositionMap(
    /// The chosen position.
    position: RwSignal<Option<Coordinates>>,
    /// Where the map begins.
    #[prop(into)]
    near: Signal<Option<Coordinates>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let map = StoredValue::new_local(None::<Map>);
    let (failed, without_tiles) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move || {
        let Some(element) = node.get() else { return };
        spawn_local(async move {
            let tiles = api::map::options().await.ok().and_then(|options| options.tile_url);
            // The page may be gone by now.
            let (Some(here), Some(there)) =
                (position.try_get_untracked(), near.try_get_untracked())
            else {
                return;
            };
            let start = MapStart {
                tile_url: tiles.as_deref(),
                near: here.or(there),
                zoom_in: tr!(common.map.zoom_in),
                zoom_out: tr!(common.map.zoom_out),
                pin: tr!(common.map.pin),
            };
            let picked = move |latitude, longitude| {
                if let Ok(Some(picked)) = Coordinates::from_pair(latitude, longitude) {
                    position.try_set(Some(picked));
                }
            };
            match Map::show(&element, &start, picked).await {
                Ok(shown) => {
                    if let Some(Some(position)) = position.try_get_untracked() {
                        shown.place(position);
                    }
                    map.try_set_value(Some(shown));
                    without_tiles.try_set(tiles.is_none());
                }
                Err(_) => {
                    failed.try_set(true);
                }
            }
        });
    });
    Effect::new(move || {
        let position = position.get();
        map.with_value(|map| match (map, position) {
            (Some(map), Some(position)) => map.place(position),
            (Some(map), None) => map.clear(),
            (None, _) => {}
        });
    });
    view! {
        <div class="flex flex-col gap-2">
            <div
                node_ref=node
                class="isolate h-80 w-full rounded-box border border-base-300 bg-base-200 sm:h-[28rem]"
                role="application"
                aria-label=tl!(common.map.label)
                data-testid="map"
            ></div>
            <Show when=move || without_tiles.get()>
                <p class="text-sm text-muted">{tl!(common.map.no_tiles)}</p>
            </Show>
            <Show when=move || failed.get()>
                <p class="text-sm text-error">{tl!(common.map.failed)}</p>
            </Show>
            <button
                type="button"
                class="btn btn-sm self-start"
                on:click=move |_| map.with_value(|map| {
                    if let Some(map) = map {
                        map.place_at_center();
                    }
                })
                data-testid="pin-at-center"
            >
                <Icon name=IconName::MapPin />
                {tl!(common.map.at_center)}
            </button>
        </div>
    }
}
