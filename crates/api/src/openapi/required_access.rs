//! What an endpoint requires of its caller, read from the signature of its handler: the OpenAPI
//! document can not say anything else than what is checked.

use actix_web::HttpRequest;
use actix_web::web::{Path, Payload};
use serde_json::Value;
use shared::{Permission, Role, Scope};
use utoipa::openapi::Required;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::SecurityRequirement;

use crate::extractors::authorization::{Allowed, CallerKind, SignedIn};
use crate::extractors::if_match::IfMatch;
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions::RequiredPermission;
use crate::extractors::query::Query;
use crate::extractors::telegram_update::TelegramUpdate;
use crate::extractors::upload::{UnreadUpload, Upload};
use crate::state::App;

/// The extension of an operation that names the permission.
const EXTENSION: &str = "x-permission";
/// The value of the extension where every signed-in user is allowed.
const ANY_USER: &str = "signed_in";

/// What a caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequiredAccess {
    Public,
    /// A signed-in user of any role.
    SignedIn,
    /// A user or an API key with a permission.
    Permission(Permission),
    /// A user with a permission: an API key is not enough.
    PersonWith(Permission),
}

impl RequiredAccess {
    const fn or(self, other: Self) -> Self {
        match self {
            RequiredAccess::Public => other,
            required => required,
        }
    }

    /// Describes the requirement for the readers of the document.
    fn description(self) -> Option<String> {
        match self {
            RequiredAccess::Public => None,
            RequiredAccess::SignedIn => Some("Needs a sign-in; every role will do.".to_owned()),
            RequiredAccess::Permission(permission) => {
                Some(format!("Needs `{permission}`: {}.", roles_with(permission)))
            }
            RequiredAccess::PersonWith(permission) => {
                let roles = roles_with(permission);
                Some(format!("Needs `{permission}`: {roles}. Not with an API key."))
            }
        }
    }
}

fn roles_with(permission: Permission) -> String {
    let label = |role: &Role| match role.grant(permission)? {
        Scope::All => Some(role.to_string()),
        Scope::Own => Some(format!("{role} (what is their own)")),
    };
    Role::ALL.iter().filter_map(label).collect::<Vec<_>>().join(", ")
}

/// An argument of a handler, or the tuple of all its arguments.
pub trait RequiresAccess {
    const ACCESS: RequiredAccess = RequiredAccess::Public;
    /// Whether the version of `If-Match` is compared.
    const IF_MATCH: bool = false;
}

impl RequiresAccess for () {}
impl RequiresAccess for App {}
impl RequiresAccess for Upload {}
impl RequiresAccess for UnreadUpload {}
impl<T> RequiresAccess for Path<T> {}
impl RequiresAccess for HttpRequest {}
impl RequiresAccess for Payload {}
impl RequiresAccess for TelegramUpdate {}
impl<T> RequiresAccess for JsonBody<T> {}
impl<T> RequiresAccess for Query<T> {}

impl RequiresAccess for IfMatch {
    const IF_MATCH: bool = true;
}

impl<I: RequiresAccess> RequiresAccess for SignedIn<I> {
    const ACCESS: RequiredAccess = RequiredAccess::SignedIn;
    const IF_MATCH: bool = I::IF_MATCH;
}

impl<P: RequiredPermission, I: RequiresAccess, C: CallerKind> RequiresAccess for Allowed<P, I, C> {
    const IF_MATCH: bool = I::IF_MATCH;
    const ACCESS: RequiredAccess = match (P::PERMISSION, C::API_KEYS) {
        (Some(permission), true) => RequiredAccess::Permission(permission),
        (Some(permission), false) => RequiredAccess::PersonWith(permission),
        (None, _) => RequiredAccess::SignedIn,
    };
}

macro_rules! handler_arguments {
    ($($argument:ident)+) => {
        impl<$($argument: RequiresAccess),+> RequiresAccess for ($($argument,)+) {
            const ACCESS: RequiredAccess = RequiredAccess::Public$(.or($argument::ACCESS))+;
            const IF_MATCH: bool = false $(|| $argument::IF_MATCH)+;
        }
    };
}

handler_arguments! { A }
handler_arguments! { A B }
handler_arguments! { A B C }
handler_arguments! { A B C D }
handler_arguments! { A B C D E }

/// Adds the header `If-Match` to an operation that compares versions.
pub fn declare_if_match(operation: &mut Operation) {
    let header = ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .build();
    operation.parameters.get_or_insert_default().push(header.into());
}

/// Adds to an operation what its caller needs: the extension, a sentence of the description and,
/// where API keys are refused, the security requirement.
pub fn annotate(operation: &mut Operation, required: RequiredAccess) {
    let name = match required {
        RequiredAccess::Public => return,
        RequiredAccess::SignedIn => ANY_USER,
        RequiredAccess::Permission(permission) | RequiredAccess::PersonWith(permission) => {
            permission.as_str()
        }
    };
    if matches!(required, RequiredAccess::PersonWith(_)) {
        let bearer: [&str; 0] = [];
        operation.security = Some(vec![SecurityRequirement::new("bearer", bearer)]);
    }
    let extensions = Extensions::from_iter([(EXTENSION, Value::from(name))]);
    operation.extensions.get_or_insert_default().merge(extensions);
    let paragraphs = [operation.description.take(), required.description()];
    operation.description = Some(paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n"));
}
