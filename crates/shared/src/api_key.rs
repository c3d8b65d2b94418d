//! API keys.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::cidr::Cidr;
use crate::error::ErrorCode;
use crate::ids::{ApiKeyId, UserId};
use crate::permission::Permission;
use crate::validate::{FieldFault, Validator};

/// Maximum networks that one key can be limited to.
pub const MAX_ADDRESSES: usize = 50;

/// An API key of a program. The key itself is shown once, when it is created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// Shown in the audit as `API key <name>`.
    pub name: String,
    pub permissions: Vec<Permission>,
    /// Allowed source addresses; empty: any.
    pub allowed_addresses: Vec<String>,
    pub expires_at: Option<DateTime<Utc>>,
    pub created_by: UserId,
    pub created_by_name: String,
    pub created_at: DateTime<Utc>,
    /// Precise to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    pub last_used_ip: Option<String>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// `POST /api/api-keys`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiKeyCreate {
    pub name: String,
    pub permissions: Vec<Permission>,
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// Addresses or networks like `203.0.113.0/24`.
    #[serde(default)]
    pub allowed_addresses: Vec<String>,
}

/// A new key: the only response that contains the key itself.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeyCreated {
    #[serde(flatten)]
    pub api_key: ApiKey,
    /// `isp_<id>_<secret>`: send it as `X-Api-Key`.
    pub key: String,
}

/// Validated [`ApiKeyCreate`].
#[derive(Debug, Clone)]
pub struct NewApiKey {
    pub name: String,
    pub permissions: Vec<Permission>,
    pub expires_at: Option<DateTime<Utc>>,
    pub allowed_addresses: Vec<Cidr>,
}

impl ApiKeyCreate {
    /// Validates the request; the service compares expiry and permissions with the time and the
    /// caller.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<NewApiKey, Vec<FieldFault>> {
        let mut check = Validator::default();
        let name = check.name("name", &self.name, 60);
        if self.permissions.is_empty() {
            check.fail::<()>("permissions", ErrorCode::Required);
        }
        for (index, permission) in self.permissions.iter().enumerate() {
            if self.permissions[..index].contains(permission) {
                check.fail::<()>(&format!("permissions[{index}]"), ErrorCode::Taken);
            }
        }
        if self.allowed_addresses.len() > MAX_ADDRESSES {
            check.fail_with::<()>("allowed_addresses", ErrorCode::TooMany, MAX_ADDRESSES);
        }
        let addresses = self.allowed_addresses.iter().enumerate();
        let allowed_addresses = addresses
            .filter_map(|(index, text)| {
                check.accept(&format!("allowed_addresses[{index}]"), Cidr::parse(text))
            })
            .collect();
        let key = name.map(|name| NewApiKey {
            name,
            permissions: self.permissions.clone(),
            expires_at: self.expires_at,
            allowed_addresses,
        });
        check.finish(key)
    }
}

/// `GET /api/api-keys`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ApiKeyQuery {
    /// Only revoked keys, or only keys that are not revoked.
    pub revoked: Option<bool>,
    pub limit: Option<i64>,
    pub cursor: Option<String>,
    pub with_total: Option<bool>,
}
