use leptos::prelude::*;
#[component]
pub fn NewJobPage() -> impl IntoView {
    ().into_any()
}
