//! Demo jobs that are in progress today.

use shared::job::{JobPriority, JobType};

/// Progress of an active job.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Open,
    Assigned,
    Accepted,
    EnRoute,
    InProgress,
    OnHold,
    Completed,
}

use JobPriority::{High, Low, Normal, Urgent};
use JobType::{Dismantle, Installation, Repair};

/// Type, priority, age in minutes, stage.
pub type ActiveJob = (JobType, JobPriority, i64, Stage);

/// The active jobs. Repairs of normal priority are due after 24 hours, so those older than 1,440
/// minutes are overdue and those older than 1,100 nearly due.
pub const ACTIVE_JOBS: [ActiveJob; 39] = [
    (Repair, Normal, 12, Stage::Open),
    (Repair, High, 35, Stage::Open),
    (Installation, Normal, 50, Stage::Open),
    (Repair, Low, 190, Stage::Open),
    (Installation, Normal, 320, Stage::Open),
    (Repair, Normal, 1_275, Stage::Open),
    (Repair, Normal, 1_530, Stage::Open),
    (Repair, Urgent, 395, Stage::Open),
    (Repair, Normal, 80, Stage::Assigned),
    (Installation, Normal, 400, Stage::Assigned),
    (Repair, High, 610, Stage::Assigned),
    (Repair, Normal, 1_190, Stage::Assigned),
    (Repair, Normal, 140, Stage::Accepted),
    (Installation, High, 900, Stage::Accepted),
    (Repair, Normal, 260, Stage::Accepted),
    (Repair, Low, 1_700, Stage::Accepted),
    (Repair, Normal, 150, Stage::EnRoute),
    (Installation, Normal, 1_000, Stage::EnRoute),
    (Repair, Urgent, 75, Stage::EnRoute),
    (Repair, Normal, 180, Stage::InProgress),
    (Installation, Normal, 1_310, Stage::InProgress),
    (Repair, High, 240, Stage::InProgress),
    (Repair, Normal, 1_620, Stage::InProgress),
    (Repair, Normal, 330, Stage::InProgress),
    (Installation, Normal, 2_500, Stage::OnHold),
    (Repair, Normal, 1_800, Stage::OnHold),
    (Repair, Normal, 700, Stage::OnHold),
    (Installation, Low, 3_900, Stage::OnHold),
    (Repair, Normal, 420, Stage::Completed),
    (Installation, Normal, 1_500, Stage::Completed),
    (Repair, High, 300, Stage::Completed),
    (Repair, Normal, 560, Stage::Completed),
    (Installation, Normal, 2_000, Stage::Completed),
    (Repair, Urgent, 200, Stage::Completed),
    (Repair, Normal, 640, Stage::Completed),
    (Installation, Normal, 2_600, Stage::Completed),
    (Installation, Normal, 1_900, Stage::Completed),
    (Installation, Normal, 2_200, Stage::Completed),
    (Dismantle, Normal, 260, Stage::Open),
];
