//! Thin wrappers of browser APIs.

pub mod connection;
pub mod download;
pub mod map_script;
pub mod organisation_time;
mod picture_head;
pub mod random;
pub mod shrink;
pub mod storage;
pub mod tab_lock;
