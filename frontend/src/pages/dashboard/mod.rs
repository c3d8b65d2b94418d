use leptos::prelude::*;
#[component]
pub fn DashboardPage() -> impl IntoView {
    ().into_any()
}
