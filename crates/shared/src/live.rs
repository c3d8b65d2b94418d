//! Live events over the WebSocket.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{
    ApiKeyId, BagReturnId, CustomerId, ItemId, JobId, LocationId, NotificationId, RegistrationId,
    SessionId, TechnicianId, UserId,
};
use crate::inventory::BagReturnStatus;
use crate::job::{JobPriority, JobType};
use crate::job_state_machine::JobStatus;
use crate::notification::MessageKind;
use crate::permission::{Permission, Role, Scope};
use crate::technician_registration::RegistrationStatus;

/// A message over the WebSocket: `{seq, type, at, data}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveMessage {
    /// Increases in commit order; a reconnecting client sends the last one it received.
    pub seq: i64,
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub event: LiveEvent,
}

/// A live event. Events carry ids, numbers and states, never personal data: clients load the rest
/// from the API, which checks permissions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", content = "data")]
pub enum LiveEvent {
    #[serde(rename = "job.created")]
    JobCreated(JobEvent),
    #[serde(rename = "job.updated")]
    JobUpdated(JobEvent),
    /// A quarter of the SLA time is left.
    #[serde(rename = "job.sla_warning")]
    SlaWarning(JobEvent),
    /// The job is overdue.
    #[serde(rename = "job.sla_breached")]
    SlaBreached(JobEvent),
    #[serde(rename = "customer.created")]
    CustomerCreated(CustomerEvent),
    #[serde(rename = "customer.updated")]
    CustomerUpdated(CustomerEvent),
    /// An import changed many customers.
    #[serde(rename = "customer.imported")]
    CustomersImported(ImportEvent),
    /// An import of customers is at work, or its entry in the list of imports has changed.
    #[serde(rename = "customer.import_progress")]
    CustomerImportProgress(ImportProgressEvent),
    #[serde(rename = "technician.created")]
    TechnicianCreated(TechnicianEvent),
    #[serde(rename = "technician.updated")]
    TechnicianUpdated(TechnicianEvent),
    /// A registration of a technician was received or decided.
    #[serde(rename = "technician.registered")]
    TechnicianRegistered(RegistrationEvent),
    #[serde(rename = "inventory.moved")]
    InventoryMoved(InventoryEvent),
    #[serde(rename = "inventory.low_stock")]
    LowStock(LowStockEvent),
    #[serde(rename = "inventory.item_changed")]
    ItemChanged(ItemEvent),
    /// An import of items is at work, or its entry in the list of imports has changed.
    #[serde(rename = "inventory.import_progress")]
    ItemImportProgress(ImportProgressEvent),
    /// A bag return was requested or decided.
    #[serde(rename = "inventory.bag_return")]
    BagReturn(BagReturnEvent),
    /// A user account was changed; clients reload its permissions.
    #[serde(rename = "user.changed")]
    UserChanged(UserEvent),
    /// A session ended; sent to its owner only.
    #[serde(rename = "session.ended")]
    SessionEnded(SessionEvent),
    /// A user account was registered and waits for approval.
    #[serde(rename = "user.registered")]
    UserRegistered(UserEvent),
    #[serde(rename = "api_key.changed")]
    ApiKeyChanged(ApiKeyEvent),
    /// Delivery of a message was given up.
    #[serde(rename = "notification.failed")]
    NotificationFailed(NotificationEvent),
    /// Messages were delivered, failed or queued again. Sent at most once a second.
    #[serde(rename = "notification.updated")]
    NotificationsUpdated(NotificationsEvent),
    /// The connection is ready; all later commits follow.
    #[serde(rename = "ready")]
    Ready,
    /// Events are missing: the client has to reload everything.
    #[serde(rename = "resync")]
    Resync,
}

/// Job data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobEvent {
    pub id: JobId,
    pub number: String,
    #[serde(rename = "type")]
    pub job_type: JobType,
    pub priority: JobPriority,
    pub status: JobStatus,
    pub due_at: DateTime<Utc>,
    pub technician_ids: Vec<TechnicianId>,
    /// Technicians removed from the job by this change; they receive the event as well.
    pub left_technician_ids: Vec<TechnicianId>,
    pub version: i64,
}

/// Customer data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomerEvent {
    pub id: CustomerId,
    pub version: i64,
}

/// Result of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportEvent {
    pub created: i64,
    pub updated: i64,
}

/// How far an import has come. Sent at most twice a second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportProgressEvent {
    /// Rows that are done.
    pub done: i64,
    pub rows: i64,
}

/// Technician data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TechnicianEvent {
    pub id: TechnicianId,
    pub on_duty: bool,
    pub active: bool,
    pub version: i64,
}

/// Registration data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationEvent {
    pub id: RegistrationId,
    pub status: RegistrationStatus,
}

/// The stock of an item changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryEvent {
    pub item_id: ItemId,
    pub from_location_id: LocationId,
    pub to_location_id: LocationId,
    /// Owners of the bags involved.
    pub technician_ids: Vec<TechnicianId>,
}

/// An item reached its minimum stock. Sent once until the stock recovers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LowStockEvent {
    pub item_id: ItemId,
    pub code: String,
    pub name: String,
    pub on_hand: i64,
    pub min_stock: i64,
}

/// Master data of an item changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemEvent {
    pub item_id: ItemId,
    pub version: i64,
}

/// Bag return data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BagReturnEvent {
    pub id: BagReturnId,
    pub status: BagReturnStatus,
    /// Owner of the bag.
    pub technician_id: TechnicianId,
}

/// A user account changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserEvent {
    pub id: UserId,
}

/// A session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEvent {
    pub id: SessionId,
    pub user_id: UserId,
}

/// An API key was created or revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyEvent {
    pub id: ApiKeyId,
}

/// Message data of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationEvent {
    pub id: NotificationId,
    pub kind: MessageKind,
    pub job_id: Option<JobId>,
}

/// Number of messages whose status changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationsEvent {
    pub count: i64,
}

/// The receiver of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listener {
    pub user_id: UserId,
    pub role: Role,
    pub technician_id: Option<TechnicianId>,
}

impl LiveEvent {
    /// The `type` of the event.
    pub const fn name(&self) -> &'static str {
        match self {
            LiveEvent::JobCreated(_) => "job.created",
            LiveEvent::JobUpdated(_) => "job.updated",
            LiveEvent::SlaWarning(_) => "job.sla_warning",
            LiveEvent::SlaBreached(_) => "job.sla_breached",
            LiveEvent::CustomerCreated(_) => "customer.created",
            LiveEvent::CustomerUpdated(_) => "customer.updated",
            LiveEvent::CustomersImported(_) => "customer.imported",
            LiveEvent::CustomerImportProgress(_) => "customer.import_progress",
            LiveEvent::TechnicianCreated(_) => "technician.created",
            LiveEvent::TechnicianUpdated(_) => "technician.updated",
            LiveEvent::TechnicianRegistered(_) => "technician.registered",
            LiveEvent::InventoryMoved(_) => "inventory.moved",
            LiveEvent::LowStock(_) => "inventory.low_stock",
            LiveEvent::ItemChanged(_) => "inventory.item_changed",
            LiveEvent::ItemImportProgress(_) => "inventory.import_progress",
            LiveEvent::BagReturn(_) => "inventory.bag_return",
            LiveEvent::UserChanged(_) => "user.changed",
            LiveEvent::SessionEnded(_) => "session.ended",
            LiveEvent::UserRegistered(_) => "user.registered",
            LiveEvent::ApiKeyChanged(_) => "api_key.changed",
            LiveEvent::NotificationFailed(_) => "notification.failed",
            LiveEvent::NotificationsUpdated(_) => "notification.updated",
            LiveEvent::Ready => "ready",
            LiveEvent::Resync => "resync",
        }
    }

    const fn permission(&self) -> Option<Permission> {
        match self {
            LiveEvent::JobCreated(_)
            | LiveEvent::JobUpdated(_)
            | LiveEvent::SlaWarning(_)
            | LiveEvent::SlaBreached(_) => Some(Permission::JobsRead),
            LiveEvent::CustomerCreated(_)
            | LiveEvent::CustomerUpdated(_)
            | LiveEvent::CustomersImported(_) => Some(Permission::CustomersRead),
            LiveEvent::TechnicianCreated(_) | LiveEvent::TechnicianUpdated(_) => {
                Some(Permission::TechniciansRead)
            }
            LiveEvent::InventoryMoved(_)
            | LiveEvent::LowStock(_)
            | LiveEvent::ItemChanged(_)
            | LiveEvent::BagReturn(_) => Some(Permission::InventoryRead),
            LiveEvent::UserChanged(_) | LiveEvent::UserRegistered(_) => {
                Some(Permission::UsersManage)
            }
            LiveEvent::CustomerImportProgress(_) => Some(Permission::CustomersWrite),
            LiveEvent::ItemImportProgress(_) => Some(Permission::InventoryWrite),
            LiveEvent::TechnicianRegistered(_) => Some(Permission::TechniciansManage),
            LiveEvent::ApiKeyChanged(_) => Some(Permission::ApiKeysManage),
            LiveEvent::NotificationFailed(_) | LiveEvent::NotificationsUpdated(_) => {
                Some(Permission::NotificationsManage)
            }
            LiveEvent::SessionEnded(_) | LiveEvent::Ready | LiveEvent::Resync => None,
        }
    }

    /// Whether the receiver may read the event.
    pub fn is_visible_to(&self, listener: Listener) -> bool {
        if let LiveEvent::SessionEnded(session) = self {
            return session.user_id == listener.user_id;
        }
        let Some(permission) = self.permission() else { return true };
        match listener.role.grant(permission) {
            Some(Scope::All) => true,
            Some(Scope::Own) => listener.technician_id.is_some_and(|own| self.concerns(own)),
            None => matches!(self, LiveEvent::UserChanged(event) if event.id == listener.user_id),
        }
    }

    fn concerns(&self, technician: TechnicianId) -> bool {
        match self {
            LiveEvent::JobCreated(job)
            | LiveEvent::JobUpdated(job)
            | LiveEvent::SlaWarning(job)
            | LiveEvent::SlaBreached(job) => {
                job.technician_ids.contains(&technician)
                    || job.left_technician_ids.contains(&technician)
            }
            LiveEvent::InventoryMoved(moved) => moved.technician_ids.contains(&technician),
            LiveEvent::BagReturn(back) => back.technician_id == technician,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn low_stock() -> LiveEvent {
        LiveEvent::LowStock(LowStockEvent {
            item_id: ItemId(1),
            code: "DW-1C".into(),
            name: "Kabel dropcore".into(),
            on_hand: 3,
            min_stock: 5,
        })
    }

    #[test]
    fn a_message_has_the_four_fields_of_the_contract() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let message = LiveMessage { seq: 7, at, event: low_stock() };
        let json = serde_json::to_value(&message).unwrap();
        assert_eq!(json["seq"], 7);
        assert_eq!(json["type"], "inventory.low_stock");
        assert_eq!(json["data"]["on_hand"], 3);
        assert_eq!(serde_json::from_value::<LiveMessage>(json).unwrap(), message);
    }

    #[test]
    fn technicians_do_not_receive_warehouse_events() {
        let technician =
            Listener { user_id: UserId(1), role: Role::User, technician_id: Some(TechnicianId(1)) };
        assert!(!low_stock().is_visible_to(technician));
        assert!(low_stock().is_visible_to(Listener {
            role: Role::Gudang,
            technician_id: None,
            ..technician
        }));
    }
}
