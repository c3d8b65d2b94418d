//! Outcome of a decision on a return.

use leptos::prelude::{Callable, Callback};
use shared::inventory::BagReturn;

use crate::api::{ApiError, ApiResult};

/// Reloads the return if it was decided, also by somebody else.
pub fn reload_if_decided(answer: ApiResult<BagReturn>, on_done: Callback<()>) -> ApiResult<()> {
    if answer.as_ref().map_or_else(ApiError::is_stale, |_| true) {
        on_done.run(());
    }
    answer.map(drop)
}
