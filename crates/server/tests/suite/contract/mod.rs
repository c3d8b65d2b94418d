//! What callers may rely on: the OpenAPI document, the problem documents, the two schemas.

pub mod document;
mod refusals;
mod schema;
mod shared_is_pure;
