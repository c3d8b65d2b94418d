use leptos::prelude::*;
#[component]
pub fn EditJobPage() -> impl IntoView {
    ().into_any()
}
