//! The request behind each kind of movement form.

use leptos::prelude::GetUntracked;
use shared::inventory::{
    AdjustmentRequest, IssueRequest, Line, MovementsResponse, ReceiptRequest, ReturnRequest,
    TransferRequest,
};
use shared::validate::FieldFault;

use super::location_select::Head;
use crate::api::{self, ApiResult};
use crate::components::form_parse::{Numbers, optional};

/// One movement request, ready to be sent.
pub enum Booking {
    Receipt(ReceiptRequest),
    Issue(IssueRequest),
    Return(ReturnRequest),
    Transfer(TransferRequest),
    Adjustment(AdjustmentRequest),
}

impl Booking {
    /// The request of a kind, from what was typed.
    pub fn new(kind: &str, head: Head, lines: Vec<Line>, numbers: &mut Numbers) -> Self {
        match kind {
            "issue" => Booking::Issue(IssueRequest {
                technician_id: head.technician(numbers),
                location_id: Some(head.place("location_id", head.location, numbers)),
                job_id: None,
                lines,
            }),
            "return" => Booking::Return(ReturnRequest {
                technician_id: head.technician(numbers),
                location_id: Some(head.place("location_id", head.location, numbers)),
                lines,
            }),
            "transfer" => Booking::Transfer(TransferRequest {
                from_location_id: head.place("from_location_id", head.location, numbers),
                to_location_id: head.place("to_location_id", head.to, numbers),
                lines,
            }),
            "adjustment" => Booking::Adjustment(AdjustmentRequest {
                location_id: head.place("location_id", head.location, numbers),
                reason: head.reason.get_untracked(),
                lines,
            }),
            _ => Booking::Receipt(ReceiptRequest {
                location_id: head.place("location_id", head.location, numbers),
                lines,
                supplier: optional(head.supplier),
                invoice_number: optional(head.invoice),
            }),
        }
    }

    /// Checks the request as the contract demands.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn check(&self) -> Result<(), Vec<FieldFault>> {
        match self {
            Booking::Receipt(request) => request.parse().map(drop),
            Booking::Issue(request) => request.parse().map(drop),
            Booking::Return(request) => request.parse().map(drop),
            Booking::Transfer(request) => request.parse().map(drop),
            Booking::Adjustment(request) => request.parse().map(drop),
        }
    }

    /// Sends it.
    pub async fn send(self) -> ApiResult<MovementsResponse> {
        match self {
            Booking::Receipt(request) => api::inventory::receive(&request).await,
            Booking::Issue(request) => api::inventory::issue(&request).await,
            Booking::Return(request) => api::inventory::give_back(&request).await,
            Booking::Transfer(request) => api::inventory::transfer(&request).await,
            Booking::Adjustment(request) => api::inventory::adjust(&request).await,
        }
    }
}
