//! What the bot talks about, a file per subject.

pub mod admin;
pub mod bag;
pub mod completion;
pub mod help;
pub mod jobs;
pub mod link;
pub mod picks;
pub mod place;
pub mod profile;
pub mod registration;

pub use admin::{AdminDialogue, AdminPress};
pub use bag::{BagDialogue, BagPress};
pub use completion::{Act, Completion, CompletionPress};
pub use jobs::{JobDialogue, JobPress, Way, Why};
pub use profile::{ProfileDialogue, ProfilePress};
pub use registration::{Registration, RegistrationPress};
