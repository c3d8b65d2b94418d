//! The life of a job: one table, used by the services to refuse and by every screen to offer.

use crate::permission::{Permission, Rights, Scope};

crate::text_enum! {
    /// Where a job stands.
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
    /// What moves a job from one status to another.
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

/// Where an action leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Status(JobStatus),
    /// Back to the status that the job had when it was put on hold.
    BeforeHold,
}

/// Who may do an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A role with this permission for all jobs.
    Office(Permission),
    /// A technician of the job, or a role that may do a technician's work for all jobs.
    AssignedTechnician,
    /// Any active technician: the job has none yet.
    AnyTechnician,
}

/// What has to come with an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    Reason,
    Technicians,
    /// A report, photos and what the job's type demands.
    Evidence,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Transition {
    pub action: JobAction,
    pub from: &'static [JobStatus],
    pub to: Target,
    pub who: Who,
    pub needs: Needs,
}

use JobAction as A;
use JobStatus as S;

/// Every legal transition. What is not here can not happen.
pub const TRANSITIONS: &[Transition] = &[
    Transition {
        action: A::Assign,
        from: &[S::Open, S::Assigned, S::Accepted],
        to: Target::Status(S::Assigned),
        who: Who::Office(Permission::JobsAssign),
        needs: Needs::Technicians,
    },
    Transition {
        action: A::Claim,
        from: &[S::Open],
        to: Target::Status(S::Accepted),
        who: Who::AnyTechnician,
        needs: Needs::Nothing,
    },
    Transition {
        action: A::Accept,
        from: &[S::Assigned],
        to: Target::Status(S::Accepted),
        who: Who::AssignedTechnician,
        needs: Needs::Nothing,
    },
    Transition {
        action: A::Decline,
        from: &[S::Assigned, S::Accepted],
        to: Target::Status(S::Open),
        who: Who::AssignedTechnician,
        needs: Needs::Reason,
    },
    Transition {
        action: A::Unassign,
        from: &[S::Assigned, S::Accepted],
        to: Target::Status(S::Open),
        who: Who::Office(Permission::JobsAssign),
        needs: Needs::Reason,
    },
    Transition {
        action: A::Depart,
        from: &[S::Accepted],
        to: Target::Status(S::EnRoute),
        who: Who::AssignedTechnician,
        needs: Needs::Nothing,
    },
    Transition {
        action: A::Start,
        from: &[S::EnRoute],
        to: Target::Status(S::InProgress),
        who: Who::AssignedTechnician,
        needs: Needs::Nothing,
    },
    Transition {
        action: A::Hold,
        from: &[S::Assigned, S::Accepted, S::EnRoute, S::InProgress],
        to: Target::Status(S::OnHold),
        who: Who::AssignedTechnician,
        needs: Needs::Reason,
    },
    Transition {
        action: A::Resume,
        from: &[S::OnHold],
        to: Target::BeforeHold,
        who: Who::AssignedTechnician,
        needs: Needs::Nothing,
    },
    Transition {
        action: A::Complete,
        from: &[S::InProgress],
        to: Target::Status(S::Completed),
        who: Who::AssignedTechnician,
        needs: Needs::Evidence,
    },
    Transition {
        action: A::Verify,
        from: &[S::Completed],
        to: Target::Status(S::Closed),
        who: Who::Office(Permission::JobsVerify),
        needs: Needs::Nothing,
    },
    Transition {
        action: A::Cancel,
        from: &[S::Open, S::Assigned, S::Accepted, S::EnRoute, S::InProgress, S::OnHold],
        to: Target::Status(S::Cancelled),
        who: Who::Office(Permission::JobsCancel),
        needs: Needs::Reason,
    },
    Transition {
        action: A::Reopen,
        from: &[S::Completed],
        to: Target::Status(S::Assigned),
        who: Who::Office(Permission::JobsVerify),
        needs: Needs::Reason,
    },
];

/// Who asks, as far as the table cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub rights: Rights,
    /// The caller's login is linked to an active technician.
    pub is_technician: bool,
    /// That technician is on the job.
    pub on_this_job: bool,
}

impl JobStatus {
    /// Nothing more will happen to the job.
    pub const fn is_final(self) -> bool {
        matches!(self, S::Closed | S::Cancelled)
    }

    /// Work on the job is still to be done: it counts against the SLA and a technician's load.
    pub const fn is_unfinished(self) -> bool {
        !matches!(self, S::Completed | S::Closed | S::Cancelled)
    }

    /// The job's facts (title, address, schedule) may still be edited.
    pub const fn is_editable(self) -> bool {
        self.is_unfinished()
    }
}

impl JobAction {
    /// The row of the table for this action in this status, if the action is legal there.
    pub fn from(self, status: JobStatus) -> Option<&'static Transition> {
        TRANSITIONS.iter().find(|row| row.action == self && row.from.contains(&status))
    }
}

impl Who {
    /// Whether the caller is one of those who may.
    pub fn includes(self, caller: Caller) -> bool {
        match self {
            Who::Office(permission) => caller.rights.grant(permission) == Some(Scope::All),
            Who::AssignedTechnician => {
                caller.rights.grant(Permission::JobsWork) == Some(Scope::All)
                    || (caller.is_technician
                        && caller.on_this_job
                        && caller.rights.allows(Permission::JobsWork))
            }
            Who::AnyTechnician => {
                caller.is_technician && caller.rights.allows(Permission::JobsWork)
            }
        }
    }
}

/// What this caller may do with a job of this status, in the order of the table.
pub fn possible_actions(status: JobStatus, caller: Caller) -> Vec<JobAction> {
    TRANSITIONS
        .iter()
        .filter(|row| row.from.contains(&status) && row.who.includes(caller))
        .map(|row| row.action)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Role;
    use proptest::prelude::*;

    const ADMIN: Caller =
        Caller { rights: Rights::of(Role::Admin), is_technician: false, on_this_job: false };
    const TECHNICIAN: Caller =
        Caller { rights: Rights::of(Role::User), is_technician: true, on_this_job: true };

    #[test]
    fn each_action_stands_in_the_table_once() {
        for &action in JobAction::ALL {
            assert_eq!(
                TRANSITIONS.iter().filter(|row| row.action == action).count(),
                1,
                "{action}"
            );
        }
    }

    #[test]
    fn nothing_leads_out_of_a_final_status() {
        for &status in JobStatus::ALL {
            let possible = TRANSITIONS.iter().any(|row| row.from.contains(&status));
            assert_eq!(possible, !status.is_final(), "{status}");
        }
    }

    #[test]
    fn a_stranger_can_only_claim() {
        let stranger = Caller { on_this_job: false, ..TECHNICIAN };
        assert_eq!(possible_actions(JobStatus::Open, stranger), [JobAction::Claim]);
        assert!(possible_actions(JobStatus::Assigned, stranger).is_empty());
    }

    #[test]
    fn the_office_cancels_until_completion_and_not_after() {
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
            Target::BeforeHold => (held, held),
            Target::Status(next) => (next, if next == JobStatus::OnHold { status } else { held }),
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
