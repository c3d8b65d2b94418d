//! What callers may rely on: the OpenAPI document, the problem documents, the two schemas.

pub mod openapi;
mod problem_responses;
mod schema;
mod shared_dependencies;
