//! What callers may rely on: the OpenAPI document, the problem documents, the two schemas.

mod architecture;
pub mod document;
mod refusals;
pub mod openapi;
mod problem_responses;
mod schema;
mod shared_dependencies;
