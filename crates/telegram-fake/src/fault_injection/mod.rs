//! Fault injection: requests that fail in the way a test has asked for.
//!
//! - [`Fault`]: one way to fail.
//! - [`FaultPlan`]: which requests fail next (`plan`).
//! - `connection`: broken connections and responses.

pub(crate) mod connection;
mod plan;

pub use plan::Fault;
pub(crate) use plan::FaultPlan;
