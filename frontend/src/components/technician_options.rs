//! Options of a technician select.

use leptos::prelude::*;
use shared::Page;
use shared::technician::TechnicianQuery;

use crate::api::{self, ApiResult};

/// Returns the active technicians as options of a select.
pub fn technician_options() -> Signal<Vec<(String, String)>> {
    let names = LocalResource::new(|| async {
        let query = TechnicianQuery {
            active: Some(true),
            limit: Some(shared::pagination::MAX_LIMIT),
            ..Default::default()
        };
        let page: ApiResult<Page<_>> = api::technicians::list(&query).await;
        page.map(|page| page.items).unwrap_or_default()
    });
    Signal::derive(move || {
        let technicians = names.get().unwrap_or_default();
        technicians.into_iter().map(|one| (one.id.to_string(), one.name)).collect()
    })
}
