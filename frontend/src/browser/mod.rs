//! Thin wrappers of browser APIs.

pub mod download;
pub mod map_script;
pub mod organisation_time;
pub mod random;
pub mod storage;
pub mod tab_lock;
