//! The browser application of the ISP Management System.

mod api;
mod app;
mod browser;
mod components;
mod core;
#[cfg(test)]
mod layers;
mod pages;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
