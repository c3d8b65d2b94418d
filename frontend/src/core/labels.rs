//! Labels of API values in the current language.

use shared::customer::CustomerStatus;
use shared::inventory::{BagReturnStatus, ItemUnit, LocationKind, MovementKind, UnitState};
use shared::job::{AppointmentDay, DeviceCondition, JobPriority, JobType};
use shared::job_state_machine::{JobAction, JobStatus};
use shared::notification::{Channel, DeliveryFailure, MessageKind, MessageStatus};
use shared::photo::PhotoKind;
use shared::second_factor::SecondFactorDemand;
use shared::session::LoginOutcome;
use shared::technician::SkillKind;
use shared::{Permission, Role, Scope};

use super::{format, i18n};
use crate::tr;

/// A value with a label. The label tracks the language.
pub trait Label: Copy {
    /// Returns the label.
    fn label(self) -> &'static str;
}

macro_rules! labels {
    ($type:ident: $($variant:ident => $($key:ident).+),+ $(,)?) => {
        impl Label for $type {
            fn label(self) -> &'static str {
                match self { $($type::$variant => tr!(labels.$($key).+)),+ }
            }
        }
    };
}

/// Returns the label of a unit; an unknown unit stays as it is.
pub fn unit_label(unit: &str) -> String {
    unit.parse::<ItemUnit>().map_or_else(|_| unit.to_owned(), |unit| unit.label().to_owned())
}

/// Formats a quantity with its unit.
pub fn quantity_label(quantity: i64, unit: ItemUnit) -> String {
    format!("{} {}", format::number(quantity), unit.label())
}

labels!(JobStatus:
    Open => status.open, Assigned => status.assigned, Accepted => status.accepted,
    EnRoute => status.en_route, InProgress => status.in_progress, OnHold => status.on_hold,
    Completed => status.completed, Closed => status.closed, Cancelled => status.cancelled);
labels!(JobAction:
    Assign => action.assign, Claim => action.claim, Accept => action.accept,
    Decline => action.decline, Unassign => action.unassign, Depart => action.depart,
    Start => action.start, Hold => action.hold, Resume => action.resume,
    Complete => action.complete, Verify => action.verify, Cancel => action.cancel,
    Reopen => action.reopen);
impl Label for JobType {
    fn label(self) -> &'static str {
        self.label_in(i18n::lang())
    }
}
labels!(JobPriority:
    Low => priority.low, Normal => priority.normal, High => priority.high,
    Urgent => priority.urgent);
labels!(AppointmentDay: Today => appointment.today, Tomorrow => appointment.tomorrow);
labels!(DeviceCondition: Used => device_condition.used, Damaged => device_condition.damaged);
labels!(PhotoKind:
    Before => photo.before, After => photo.after, Device => photo.device,
    Attenuation => photo.attenuation, Speedtest => photo.speedtest,
    Signature => photo.signature, Other => photo.other);
labels!(CustomerStatus:
    Prospect => customer.prospect, Active => customer.active, Suspended => customer.suspended,
    Terminated => customer.terminated);
labels!(Role:
    Superadmin => role.superadmin, Admin => role.admin, Manager => role.manager, Cs => role.cs,
    Gudang => role.gudang, User => role.user);
labels!(SkillKind:
    Installation => skill.installation, Repair => skill.repair, Splicing => skill.splicing,
    Wireless => skill.wireless, Network => skill.network);
labels!(ItemUnit: Pieces => unit.pieces, Metre => unit.metre);
labels!(LocationKind:
    Warehouse => location.warehouse, Technician => location.technician,
    Supplier => location.supplier, Customer => location.customer, Damaged => location.damaged,
    Lost => location.lost, Adjustment => location.adjustment);
labels!(BagReturnStatus:
    Requested => bag_return.requested, Confirmed => bag_return.confirmed,
    Rejected => bag_return.rejected, Withdrawn => bag_return.withdrawn);
labels!(MovementKind:
    Receipt => movement.receipt, Issue => movement.issue, Usage => movement.usage,
    Return => movement.giveback, Transfer => movement.transfer,
    Adjustment => movement.adjustment, Reversal => movement.reversal);
labels!(UnitState:
    InStock => unit_state.in_stock, WithTechnician => unit_state.with_technician,
    Installed => unit_state.installed, Returned => unit_state.returned,
    Damaged => unit_state.damaged, Lost => unit_state.lost);
labels!(LoginOutcome:
    Success => login.success, WrongPassword => login.wrong_password, Disabled => login.disabled,
    SecondFactorMissing => login.second_factor_missing,
    SecondFactorWrong => login.second_factor_wrong, Throttled => login.throttled);
labels!(SecondFactorDemand:
    None => demand.none, Admins => demand.admins, Office => demand.office);
labels!(Channel: Telegram => channel.telegram, Whatsapp => channel.whatsapp);
labels!(MessageStatus:
    Pending => message.pending, Sending => message.sending, Sent => message.sent,
    Unknown => message.unknown, Dead => message.dead, Withdrawn => message.withdrawn,
    Disabled => message.disabled);
labels!(MessageKind:
    JobOffered => notice.job_offered, OfferClosed => notice.offer_closed,
    JobAssigned => notice.job_assigned, JobTakenAway => notice.job_taken_away,
    JobCancelled => notice.job_cancelled, ShortStock => notice.short_stock,
    SlaWarning => notice.sla_warning, SlaBreached => notice.sla_breached,
    LowStock => notice.low_stock, RegistrationReceived => notice.registration_received,
    RegistrationApproved => notice.registration_approved,
    RegistrationRejected => notice.registration_rejected,
    BagReturnRequested => notice.bag_return_requested, BagReturnDecided => notice.bag_return_decided,
    StorageFault => notice.storage_fault, StorageRecovered => notice.storage_recovered,
    Reply => notice.reply);
labels!(DeliveryFailure:
    NotLinked => delivery.not_linked, Blocked => delivery.blocked, Rejected => delivery.rejected,
    Unreachable => delivery.unreachable, TooFast => delivery.too_fast,
    Internal => delivery.internal);
labels!(Scope: All => scope.all, Own => scope.own);
labels!(Permission:
    UsersManage => permission.users_manage, SettingsManage => permission.settings_manage,
    ApiKeysManage => permission.api_keys_manage, AuditRead => permission.audit_read,
    JobsRead => permission.jobs_read, JobsCreate => permission.jobs_create,
    JobsEdit => permission.jobs_edit, JobsCancel => permission.jobs_cancel,
    JobsVerify => permission.jobs_verify, JobsAssign => permission.jobs_assign,
    JobsWork => permission.jobs_work, CustomersRead => permission.customers_read,
    CustomersWrite => permission.customers_write,
    CustomersIdentity => permission.customers_identity, PlansWrite => permission.plans_write,
    TechniciansRead => permission.technicians_read,
    TechniciansManage => permission.technicians_manage,
    InventoryRead => permission.inventory_read, InventoryWrite => permission.inventory_write,
    InventoryUse => permission.inventory_use,
    NotificationsManage => permission.notifications_manage, DashboardRead => permission.dashboard_read,
    ReportsRead => permission.reports_read);

/// Group of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PermissionArea {
    Jobs,
    Customers,
    Technicians,
    Inventory,
    Overview,
    Administration,
}

impl PermissionArea {
    /// Every group, in the order of the interface.
    pub const ALL: [PermissionArea; 6] = [
        PermissionArea::Jobs,
        PermissionArea::Customers,
        PermissionArea::Technicians,
        PermissionArea::Inventory,
        PermissionArea::Overview,
        PermissionArea::Administration,
    ];

    /// Returns the group of a permission.
    pub const fn for_permission(permission: Permission) -> Self {
        use Permission as P;
        match permission {
            P::JobsRead
            | P::JobsCreate
            | P::JobsEdit
            | P::JobsCancel
            | P::JobsVerify
            | P::JobsAssign
            | P::JobsWork => PermissionArea::Jobs,
            P::CustomersRead | P::CustomersWrite | P::CustomersIdentity | P::PlansWrite => {
                PermissionArea::Customers
            }
            P::TechniciansRead | P::TechniciansManage => PermissionArea::Technicians,
            P::InventoryRead | P::InventoryWrite | P::InventoryUse => PermissionArea::Inventory,
            P::DashboardRead | P::ReportsRead | P::AuditRead => PermissionArea::Overview,
            P::UsersManage | P::SettingsManage | P::ApiKeysManage | P::NotificationsManage => {
                PermissionArea::Administration
            }
        }
    }

    /// Returns the permissions of the group.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |&permission| PermissionArea::for_permission(permission) == self)
    }
}

labels!(PermissionArea:
    Jobs => area.jobs, Customers => area.customers, Technicians => area.technicians,
    Inventory => area.inventory, Overview => area.overview,
    Administration => area.administration);
