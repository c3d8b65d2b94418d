//! Which methods an address takes, for those who come with another one.

use std::sync::LazyLock;

use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use utoipa::openapi::path::PathItem;

use crate::openapi;

/// Addresses with their methods, fixed ones before those with a gap.
static ADDRESSES: LazyLock<Vec<(ResourceDef, Vec<Method>)>> = LazyLock::new(|| {
    let paths = openapi::document().paths.paths;
    paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect()
});

fn methods(item: &PathItem) -> Vec<Method> {
    let all = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| method).collect()
}

/// The methods of this address, if it is one of the API's.
pub fn of(path: &str) -> Option<&'static [Method]> {
    let found = ADDRESSES.iter().find(|(address, _)| address.is_match(path));
    found.map(|(_, methods)| methods.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_address_goes_before_one_with_a_gap() {
        assert_eq!(of("/api/customers/import"), Some([Method::POST].as_slice()));
        assert_eq!(of("/api/customers/17"), Some([Method::GET, Method::PUT].as_slice()));
        assert_eq!(of("/api/nothing"), None);
    }
}
