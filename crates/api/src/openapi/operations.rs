//! The operations of a path item.

use actix_web::http::Method;
use utoipa::openapi::path::{Operation, PathItem};

/// Returns the operations of a path.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    with_methods(item).map(|(_, operation)| operation)
}

/// Returns the operations of a path with their methods.
pub fn with_methods(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::DELETE, &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
