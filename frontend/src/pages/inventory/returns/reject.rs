//! Rejection of a return.

use leptos::prelude::*;
use shared::BagReturnId;
use shared::inventory::BagReturnRejection;

use super::decision::reload_if_decided;
use crate::components::reject_dialog::RejectDialog;
use crate::core::toast;
use crate::{api, tl, tr};

/// Asks for the reason, which the technician reads.
#[component]
pub fn RejectReturnDialog(
    id: BagReturnId,
    /// The version that is shown.
    version: i64,
    open: RwSignal<bool>,
    on_done: Callback<()>,
) -> impl IntoView {
    let reject = move |reason| async move {
        reload_if_decided(
            api::bag_returns::reject(id, &BagReturnRejection { reason }, version).await,
            on_done,
        )
    };
    view! {
        <RejectDialog
            open=open
            title=tl!(inventory.returns.reject)
            label=tl!(inventory.movements.reason)
            hint=tl!(inventory.returns.reason_hint)
            check=|reason| BagReturnRejection { reason }.parse()
            request=reject
            on_done=move |()| toast::success(tr!(inventory.returns.rejected))
        />
    }
}
