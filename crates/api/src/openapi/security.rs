//! Security schemes, and operations without any.

use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};

use super::operations::operations;

/// Adds the security schemes, and lists none for public operations. The attribute `security(())` of
/// a handler gives them an optional one instead.
pub struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("bearer", bearer);
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-Api-Key")));
        components.add_security_scheme("api_key", key);
        let optional = SecurityRequirement::default();
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            if let Some(requirements) = &mut operation.security {
                requirements.retain(|requirement| *requirement != optional);
            }
        }
    }
}
