//! Request of each kind of movement form.

use leptos::prelude::GetUntracked;
use shared::ItemId;
use shared::inventory::{
    AdjustmentRequest, IssueRequest, Line, MovementsResponse, ReceiptRequest, ReturnRequest,
    TransferRequest,
};
use shared::validate::FieldFault;

use super::location_select::MovementHeader;
use super::types::BookingKind;
use crate::api::{self, ApiResult};
use crate::components::form_parse::{FormParser, optional_text};

/// A movement request.
pub enum MovementRequest {
    Receipt(ReceiptRequest),
    Issue(IssueRequest),
    Return(ReturnRequest),
    Transfer(TransferRequest),
    Adjustment(AdjustmentRequest),
}

impl MovementRequest {
    /// Creates the request of a kind from the input.
    pub fn new(
        kind: BookingKind,
        head: MovementHeader,
        lines: Vec<Line>,
        // Items whose quantity counts packs; for receipts.
        in_packs: Vec<ItemId>,
        parser: &mut FormParser,
    ) -> Self {
        match kind {
            BookingKind::Issue => MovementRequest::Issue(IssueRequest {
                technician_id: head.technician(parser),
                location_id: Some(head.place("location_id", head.location, parser)),
                job_id: None,
                lines,
            }),
            BookingKind::Return => MovementRequest::Return(ReturnRequest {
                technician_id: head.technician(parser),
                location_id: Some(head.place("location_id", head.location, parser)),
                lines,
            }),
            BookingKind::Transfer => MovementRequest::Transfer(TransferRequest {
                from_location_id: head.place("from_location_id", head.location, parser),
                to_location_id: head.place("to_location_id", head.to, parser),
                lines,
            }),
            BookingKind::Adjustment => MovementRequest::Adjustment(AdjustmentRequest {
                location_id: head.place("location_id", head.location, parser),
                reason: head.reason.get_untracked(),
                lines,
            }),
            BookingKind::Receipt => MovementRequest::Receipt(ReceiptRequest {
                location_id: head.place("location_id", head.location, parser),
                lines,
                in_packs,
                supplier: optional_text(head.supplier),
                invoice_number: optional_text(head.invoice),
            }),
        }
    }

    /// Checks the request.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn check(&self) -> Result<(), Vec<FieldFault>> {
        match self {
            MovementRequest::Receipt(request) => request.parse().map(drop),
            MovementRequest::Issue(request) => request.parse().map(drop),
            MovementRequest::Return(request) => request.parse().map(drop),
            MovementRequest::Transfer(request) => request.parse().map(drop),
            MovementRequest::Adjustment(request) => request.parse().map(drop),
        }
    }

    /// Sends the request.
    pub async fn send(self) -> ApiResult<MovementsResponse> {
        match self {
            MovementRequest::Receipt(request) => api::inventory::receive(&request).await,
            MovementRequest::Issue(request) => api::inventory::issue(&request).await,
            MovementRequest::Return(request) => api::inventory::return_stock(&request).await,
            MovementRequest::Transfer(request) => api::inventory::transfer(&request).await,
            MovementRequest::Adjustment(request) => api::inventory::adjust(&request).await,
        }
    }
}
