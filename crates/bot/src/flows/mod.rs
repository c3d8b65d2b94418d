//! What the bot talks about, a file per subject.

pub mod account_link;
pub mod admin;
pub mod bag;
pub mod completion;
pub mod help;
pub mod item_selection;
pub mod jobs;
pub mod location;
pub mod profile;
pub mod registration;

pub use admin::{AdminCallback, AdminDialogue};
pub use bag::{BagCallback, BagDialogue};
pub use completion::{CompletionCallback, CompletionDialogue, ReportAction};
pub use jobs::{JobCallback, JobDialogue, JobReason, QuickTransition};
pub use profile::{ProfileCallback, ProfileDialogue};
pub use registration::{RegistrationCallback, RegistrationDialogue};
