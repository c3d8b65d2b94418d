//! What callers may rely on: the OpenAPI document, the problem documents, the two schemas.

mod architecture;
pub mod document;
mod refusals;
mod schema;
mod shared_is_pure;
