//! Job state machine: one table of transitions for services, browser and bot.

use crate::permission::{Permission, PermissionSet, Scope};

crate::text_enum! {
    /// Status of a job.
    JobStatus {
        Open => "open",
        Assigned => "assigned",
        Accepted => "accepted",
        EnRoute => "en_route",
        InProgress => "in_progress",
        OnHold => "on_hold",
        Completed => "completed",
        Closed => "closed",
        Cancelled => "cancelled",
    }
}

crate::text_enum! {
    /// Action that changes the status of a job.
    JobAction {
        Assign => "assign",
        Claim => "claim",
        Accept => "accept",
        Decline => "decline",
        Unassign => "unassign",
        Depart => "depart",
        Start => "start",
        Hold => "hold",
        Resume => "resume",
        Complete => "complete",
        Verify => "verify",
        Cancel => "cancel",
        Reopen => "reopen",
    }
}

/// Target of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitionTarget {
    Status(JobStatus),
    /// The status before the job was put on hold.
    BeforeHold,
}

/// Who may perform an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitionActor {
    /// A role with this permission for all jobs.
    Office(Permission),
    /// A technician of the job, or a role that may work on all jobs.
    AssignedTechnician,
    /// Any active technician; the job has none yet.
    AnyTechnician,
}

/// Data that an action requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransitionRequirement {
    Nothing,
    Reason,
    Technicians,
    /// Report, photos and the evidence that the job type requires.
    Evidence,
}

/// One transition.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    pub action: JobAction,
    pub from: &'static [JobStatus],
    pub to: TransitionTarget,
    pub allowed: TransitionActor,
    pub requires: TransitionRequirement,
}

use JobAction as A;
use JobStatus as S;

/// All legal transitions.
pub const TRANSITIONS: &[Transition] = &[
    Transition {
        action: A::Assign,
        from: &[S::Open, S::Assigned, S::Accepted],
        to: TransitionTarget::Status(S::Assigned),
        allowed: TransitionActor::Office(Permission::JobsAssign),
        requires: TransitionRequirement::Technicians,
    },
    Transition {
        action: A::Claim,
        from: &[S::Open],
        to: TransitionTarget::Status(S::Accepted),
        allowed: TransitionActor::AnyTechnician,
        requires: TransitionRequirement::Nothing,
    },
    Transition {
        action: A::Accept,
        from: &[S::Assigned],
        to: TransitionTarget::Status(S::Accepted),
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Nothing,
    },
    Transition {
        action: A::Decline,
        from: &[S::Assigned, S::Accepted],
        to: TransitionTarget::Status(S::Open),
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Reason,
    },
    Transition {
        action: A::Unassign,
        from: &[S::Assigned, S::Accepted],
        to: TransitionTarget::Status(S::Open),
        allowed: TransitionActor::Office(Permission::JobsAssign),
        requires: TransitionRequirement::Reason,
    },
    Transition {
        action: A::Depart,
        from: &[S::Accepted],
        to: TransitionTarget::Status(S::EnRoute),
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Nothing,
    },
    Transition {
        action: A::Start,
        from: &[S::EnRoute],
        to: TransitionTarget::Status(S::InProgress),
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Nothing,
    },
    Transition {
        action: A::Hold,
        from: &[S::Assigned, S::Accepted, S::EnRoute, S::InProgress],
        to: TransitionTarget::Status(S::OnHold),
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Reason,
    },
    Transition {
        action: A::Resume,
        from: &[S::OnHold],
        to: TransitionTarget::BeforeHold,
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Nothing,
    },
    Transition {
        action: A::Complete,
        from: &[S::InProgress],
        to: TransitionTarget::Status(S::Completed),
        allowed: TransitionActor::AssignedTechnician,
        requires: TransitionRequirement::Evidence,
    },
    Transition {
        action: A::Verify,
        from: &[S::Completed],
        to: TransitionTarget::Status(S::Closed),
        allowed: TransitionActor::Office(Permission::JobsVerify),
        requires: TransitionRequirement::Nothing,
    },
    Transition {
        action: A::Cancel,
        from: &[S::Open, S::Assigned, S::Accepted, S::EnRoute, S::InProgress, S::OnHold],
        to: TransitionTarget::Status(S::Cancelled),
        allowed: TransitionActor::Office(Permission::JobsCancel),
        requires: TransitionRequirement::Reason,
    },
    Transition {
        action: A::Reopen,
        from: &[S::Completed],
        to: TransitionTarget::Status(S::Assigned),
        allowed: TransitionActor::Office(Permission::JobsVerify),
        requires: TransitionRequirement::Reason,
    },
];

/// The caller as far as transitions depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub permissions: PermissionSet,
    /// The caller's user account belongs to an active technician.
    pub is_technician: bool,
    /// That technician is assigned to the job.
    pub on_this_job: bool,
}

impl JobStatus {
    /// Whether no further transition exists.
    pub const fn is_final(self) -> bool {
        matches!(self, S::Closed | S::Cancelled)
    }

    /// Whether work is still to be done: the job counts for the SLA and the technician's workload.
    pub const fn is_unfinished(self) -> bool {
        !matches!(self, S::Completed | S::Closed | S::Cancelled)
    }

    /// Whether title, address and schedule may be edited.
    pub const fn is_editable(self) -> bool {
        self.is_unfinished()
    }
}

impl JobAction {
    /// The transition of this action in this status; `None` if it is illegal.
    pub fn transition_from(self, status: JobStatus) -> Option<&'static Transition> {
        TRANSITIONS.iter().find(|row| row.action == self && row.from.contains(&status))
    }
}

impl TransitionActor {
    /// Whether the caller is included.
    pub fn includes(self, caller: Caller) -> bool {
        match self {
            TransitionActor::Office(permission) => {
                caller.permissions.grant(permission) == Some(Scope::All)
            }
            TransitionActor::AssignedTechnician => {
                caller.permissions.grant(Permission::JobsWork) == Some(Scope::All)
                    || (caller.is_technician
                        && caller.on_this_job
                        && caller.permissions.allows(Permission::JobsWork))
            }
            TransitionActor::AnyTechnician => {
                caller.is_technician && caller.permissions.allows(Permission::JobsWork)
            }
        }
    }
}

/// The actions that the caller may perform in this status, in table order.
pub fn possible_actions(status: JobStatus, caller: Caller) -> Vec<JobAction> {
    TRANSITIONS
        .iter()
        .filter(|row| row.from.contains(&status) && row.allowed.includes(caller))
        .map(|row| row.action)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Role;
    use proptest::prelude::*;

    const ADMIN: Caller = Caller {
        permissions: PermissionSet::for_role(Role::Admin),
        is_technician: false,
        on_this_job: false,
    };
    const TECHNICIAN: Caller = Caller {
        permissions: PermissionSet::for_role(Role::User),
        is_technician: true,
        on_this_job: true,
    };

    #[test]
    fn each_action_has_exactly_one_transition() {
        for &action in JobAction::ALL {
            assert_eq!(
                TRANSITIONS.iter().filter(|row| row.action == action).count(),
                1,
                "{action}"
            );
        }
    }

    #[test]
    fn final_statuses_have_no_transitions() {
        for &status in JobStatus::ALL {
            let possible = TRANSITIONS.iter().any(|row| row.from.contains(&status));
            assert_eq!(possible, !status.is_final(), "{status}");
        }
    }

    #[test]
    fn an_unassigned_technician_can_only_claim() {
        let stranger = Caller { on_this_job: false, ..TECHNICIAN };
        assert_eq!(possible_actions(JobStatus::Open, stranger), [JobAction::Claim]);
        assert!(possible_actions(JobStatus::Assigned, stranger).is_empty());
    }

    #[test]
    fn the_office_can_cancel_until_completion() {
        for &status in JobStatus::ALL {
            let cancels = possible_actions(status, ADMIN).contains(&JobAction::Cancel);
            assert_eq!(cancels, status.is_unfinished(), "{status}");
        }
    }

    fn status_after(
        status: JobStatus,
        held: JobStatus,
        row: &Transition,
    ) -> (JobStatus, JobStatus) {
        match row.to {
            TransitionTarget::BeforeHold => (held, held),
            TransitionTarget::Status(next) => {
                (next, if next == JobStatus::OnHold { status } else { held })
            }
        }
    }

    proptest! {
        #[test]
        fn any_walk_through_the_table_completes_only_after_work_began(choices in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
            let (mut status, mut held, mut started) = (JobStatus::Open, JobStatus::Open, false);
            for choice in choices {
                let rows: Vec<_> = TRANSITIONS.iter().filter(|row| row.from.contains(&status)).collect();
                if rows.is_empty() { prop_assert!(status.is_final()); break; }
                let row = rows[choice.index(rows.len())];
                started |= row.action == JobAction::Start;
                (status, held) = status_after(status, held, row);
                prop_assert!(status != JobStatus::Completed || started);
                prop_assert!(held != JobStatus::OnHold);
            }
        }
    }
}
