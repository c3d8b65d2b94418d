//! The methods of each path, for the `Allow` header of a 405 response.

use std::collections::BTreeMap;

use actix_web::dev::ResourceDef;
use actix_web::http::Method;

use crate::endpoint::Endpoint;

/// The paths of the API with their methods. Part of the application data, where the middleware
/// finds it.
pub struct AllowedMethods(Vec<(ResourceDef, Vec<Method>)>);

impl AllowedMethods {
    pub fn new(endpoints: &[Endpoint]) -> Self {
        // Sorted by path: `/jobs/import` comes before `/jobs/{id}`, which would match it too.
        let mut paths: BTreeMap<&str, Vec<Method>> = BTreeMap::new();
        for endpoint in endpoints {
            paths.entry(endpoint.path).or_default().push(endpoint.method.clone());
        }
        let with_pattern = |(path, methods)| (ResourceDef::new(path), methods);
        Self(paths.into_iter().map(with_pattern).collect())
    }

    /// Returns the methods of this path, if it belongs to the API.
    pub fn of_path(&self, path: &str) -> Option<&[Method]> {
        let found = self.0.iter().find(|(pattern, _)| pattern.is_match(path));
        found.map(|(_, methods)| methods.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::endpoints;

    #[test]
    fn a_fixed_path_takes_precedence_over_a_parameter() {
        let methods = AllowedMethods::new(&endpoints());
        assert_eq!(methods.of_path("/api/customers/import"), Some([Method::POST].as_slice()));
        let customer = methods.of_path("/api/customers/17");
        assert_eq!(customer, Some([Method::GET, Method::PUT].as_slice()));
        assert_eq!(methods.of_path("/api/nothing"), None);
    }
}
