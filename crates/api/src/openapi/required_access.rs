//! What an operation demands of its caller, read from the signature of its handler, so that the
//! OpenAPI document can not say anything else than what is checked.

use actix_web::web::Payload;
use actix_web::{Handler, HttpRequest};
use serde_json::Value;
use shared::{Permission, Role, Scope};
use utoipa::openapi::OpenApi;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;

use crate::extractors::authorization::{Allowed, AllowedPerson, SignedIn};
use crate::extractors::json_body::JsonBody;
use crate::extractors::permissions::Requires;
use crate::extractors::query::Query;
use crate::resources::telegram_webhook::TelegramUpdate;
use crate::state::App;

/// The extension of an operation that names the permission.
const EXTENSION: &str = "x-permission";
/// What stands there when every login will do.
const ANY_LOGIN: &str = "signed_in";

/// What a caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Nothing,
    SignIn,
    Permission(Permission),
    /// A permission, and a person who has it: an API key is not enough.
    Person(Permission),
}

impl Need {
    const fn or(self, other: Self) -> Self {
        match self {
            Need::Nothing => other,
            need => need,
        }
    }

    /// For people who read the document.
    fn in_words(self) -> Option<String> {
        match self {
            Need::Nothing => None,
            Need::SignIn => Some("Needs a sign-in; every role will do.".to_owned()),
            Need::Permission(permission) => {
                Some(format!("Needs `{permission}`: {}.", holders(permission)))
            }
            Need::Person(permission) => {
                let holders = holders(permission);
                Some(format!("Needs `{permission}`: {holders}. Not with an API key."))
            }
        }
    }
}

fn holders(permission: Permission) -> String {
    let word = |role: &Role| match role.grant(permission)? {
        Scope::All => Some(role.to_string()),
        Scope::Own => Some(format!("{role} (what is their own)")),
    };
    Role::ALL.iter().filter_map(word).collect::<Vec<_>>().join(", ")
}

/// An argument of a handler, or all of them.
pub trait Demands {
    const NEED: Need = Need::Nothing;
}

impl Demands for App {}
impl Demands for HttpRequest {}
impl Demands for Payload {}
impl Demands for TelegramUpdate {}
impl<T> Demands for JsonBody<T> {}
impl<T> Demands for Query<T> {}

impl<I> Demands for SignedIn<I> {
    const NEED: Need = Need::SignIn;
}

impl<P: Requires, I> Demands for Allowed<P, I> {
    const NEED: Need = match P::PERMISSION {
        Some(permission) => Need::Permission(permission),
        None => Need::SignIn,
    };
}

impl<P: Requires, I> Demands for AllowedPerson<P, I> {
    const NEED: Need = match P::PERMISSION {
        Some(permission) => Need::Person(permission),
        None => Need::SignIn,
    };
}

macro_rules! arguments {
    ($($argument:ident)+) => {
        impl<$($argument: Demands),+> Demands for ($($argument,)+) {
            const NEED: Need = Need::Nothing$(.or($argument::NEED))+;
        }
    };
}

arguments! { A }
arguments! { A B }
arguments! { A B C }
arguments! { A B C D }
arguments! { A B C D E }

/// What this handler demands.
pub fn of<H: Handler<Arguments>, Arguments: Demands>(_: H) -> Need {
    Arguments::NEED
}

/// Writes into every operation of the document what its caller needs.
pub fn mark(document: &mut OpenApi, need: Need) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            note(operation, need);
        }
    }
}

/// The operations of one address.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
}

fn note(operation: &mut Operation, need: Need) {
    let name = match need {
        Need::Nothing => return,
        Need::SignIn => ANY_LOGIN,
        Need::Permission(permission) | Need::Person(permission) => permission.as_str(),
    };
    if matches!(need, Need::Person(_)) {
        let bearer: [&str; 0] = [];
        operation.security = Some(vec![SecurityRequirement::new("bearer", bearer)]);
    }
    let extensions = Extensions::from_iter([(EXTENSION, Value::from(name))]);
    operation.extensions.get_or_insert_default().merge(extensions);
    let paragraphs = [operation.description.take(), need.in_words()];
    operation.description = Some(paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n"));
}
