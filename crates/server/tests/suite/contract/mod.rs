//! Contracts with clients and databases: OpenAPI document, problem documents, database schemas.

mod architecture;
pub mod openapi;
mod problem_responses;
mod schema;
mod shared_dependencies;
