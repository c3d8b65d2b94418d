//! The map script (`map/map.mjs`): loaded with the first map of a session.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use shared::Coordinates;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// What a map begins with.
pub struct MapStart<'a> {
    pub tile_url: Option<&'a str>,
    /// Where it begins; all of Indonesia without a position.
    pub near: Option<Coordinates>,
    pub zoom_in: &'a str,
    pub zoom_out: &'a str,
    /// What the pin is called for screen readers.
    pub pin: &'a str,
}

/// A map that is shown. It is removed when this is dropped.
pub struct Map {
    handle: JsValue,
    _picked: Closure<dyn Fn(f64, f64)>,
}

impl Drop for Map {
    fn drop(&mut self) {
        self.call("remove", &[]);
    }
}

impl Map {
    /// Shows a map in an element; `picked` receives latitude and longitude of the pin that a person puts somewhere.
    ///
    /// # Errors
    /// The script could not be loaded.
    pub async fn show(
        element: &web_sys::HtmlElement,
        start: &MapStart<'_>,
        picked: impl Fn(f64, f64) + 'static,
    ) -> Result<Self, JsValue> {
        load().await?;
        let picked = Closure::<dyn Fn(f64, f64)>::new(picked);
        let script = Reflect::get(&js_sys::global(), &"ispMap".into())?;
        let show: Function = Reflect::get(&script, &"show".into())?.dyn_into()?;
        let options = start.to_js()?;
        let arguments = Array::of3(element, &options, picked.as_ref());
        let handle = show.apply(&script, &arguments)?;
        Ok(Self { handle, _picked: picked })
    }

    /// Shows the pin at a position.
    pub fn place(&self, position: Coordinates) {
        self.call("place", &[position.latitude(), position.longitude()]);
    }

    /// Puts the pin into the middle of the map, as a click there would.
    pub fn place_at_center(&self) {
        self.call("placeAtCenter", &[]);
    }

    /// Removes the pin.
    pub fn clear(&self) {
        self.call("clear", &[]);
    }

    fn call(&self, name: &str, numbers: &[f64]) {
        let function = Reflect::get(&self.handle, &name.into()).ok();
        let function = function.and_then(|function| function.dyn_into::<Function>().ok());
        let arguments: Array = numbers.iter().copied().map(JsValue::from_f64).collect();
        // The methods of the script do not fail.
        let _ = function.map(|function| function.apply(&self.handle, &arguments));
    }
}

impl MapStart<'_> {
    fn to_js(&self) -> Result<Object, JsValue> {
        let labels = object(&[
            ("zoomIn", self.zoom_in.into()),
            ("zoomOut", self.zoom_out.into()),
            ("pin", self.pin.into()),
        ])?;
        let near = self.near.map_or(JsValue::NULL, |near| {
            Array::of2(&near.latitude().into(), &near.longitude().into()).into()
        });
        let tiles = self.tile_url.map_or(JsValue::NULL, JsValue::from);
        object(&[("tileUrl", tiles), ("near", near), ("labels", labels.into())])
    }
}

fn object(entries: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in entries {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

/// Loads style and script, once.
async fn load() -> Result<(), JsValue> {
    if Reflect::has(&js_sys::global(), &"ispMap".into())? {
        return Ok(());
    }
    let head = document().head().ok_or(JsValue::NULL)?;
    let style = document().create_element("link")?;
    style.set_attribute("rel", "stylesheet")?;
    style.set_attribute("href", &address("isp-map-style")?)?;
    let script = document().create_element("script")?;
    script.set_attribute("src", &address("isp-map")?)?;
    for element in [style, script] {
        let target = element.clone();
        let loaded = Promise::new(&mut |resolve, reject| {
            // Listeners of an element that is never added again.
            let _ = target.add_event_listener_with_callback("load", &resolve);
            let _ = target.add_event_listener_with_callback("error", &reject);
        });
        head.append_child(&element)?;
        JsFuture::from(loaded).await?;
    }
    Ok(())
}

/// The address of a file; the build writes it into the start page.
fn address(name: &str) -> Result<String, JsValue> {
    let meta = document().query_selector(&format!("meta[name={name}]"))?;
    meta.and_then(|meta| meta.get_attribute("content")).ok_or(JsValue::NULL)
}
