//! The words of the field for the values of the contract.

use shared::Role;
use shared::customer::CustomerStatus;
use shared::inventory::{ItemUnit, LocationKind, MovementKind, UnitState};
use shared::job::{JobPriority, JobType};
use shared::job_machine::{JobAction, JobStatus};
use shared::photo::PhotoKind;
use shared::technician::SkillKind;

use crate::tr;

/// A value that has a word in the interface. The word tracks the language.
pub trait Label: Copy {
    /// The word.
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

/// The word of a unit that came as text; a unit that this version does not know stays as it is.
pub fn unit_word(unit: &str) -> String {
    unit.parse::<ItemUnit>().map_or_else(|_| unit.to_owned(), |unit| unit.label().to_owned())
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
labels!(JobType: Installation => job_type.installation, Repair => job_type.repair);
labels!(JobPriority:
    Low => priority.low, Normal => priority.normal, High => priority.high,
    Urgent => priority.urgent);
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
labels!(MovementKind:
    Receipt => movement.receipt, Issue => movement.issue, Usage => movement.usage,
    Return => movement.giveback, Transfer => movement.transfer,
    Adjustment => movement.adjustment, Reversal => movement.reversal);
labels!(UnitState:
    InStock => unit_state.in_stock, WithTechnician => unit_state.with_technician,
    Installed => unit_state.installed, Returned => unit_state.returned,
    Damaged => unit_state.damaged, Lost => unit_state.lost);
