//! API keys for integrations.
//!
//! A key can do what its permissions say, but never more than the current role of the user who
//! created it, and nothing while that user account is disabled.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use db::tables::api_keys::{self as table, ApiKeyWithCreator, NewApiKeyRow};
use db::{Conn, Cursor, DbError, Tx};
use rand::Rng;
use rand::distr::Alphanumeric;
use shared::api_key::{ApiKey, ApiKeyCreate, ApiKeyCreated, ApiKeyQuery};
use shared::audit::AuditAction;
use shared::live::{ApiKeyEvent, LiveEvent};
use shared::validate::Validator;
use shared::{ApiKeyId, Cidr, ErrorCode, Page, Permission, PermissionSet, Role, Scope, UserId};
use subtle::ConstantTimeEq;

use crate::Actor;
use crate::audit::{self, AuditEvent};
use crate::auth::jwt::secret_hash;
use crate::error::{Error, OrNotFound, Result, map_unique_violation};
use crate::pagination::PageRequest;

/// Prefix of every key, so that scanners for leaked secrets recognise it.
const KEY_PREFIX: &str = "isp_";
/// Characters of the secret part: 256 random bits.
const SECRET_CHARS: usize = 43;

/// Splits a key into its id and its secret.
pub fn parse(key: &str) -> Option<(ApiKeyId, &str)> {
    let (id, secret) = key.strip_prefix(KEY_PREFIX)?.split_once('_')?;
    Some((id.parse().ok()?, secret))
}

/// What a request needs to know about its API key.
#[derive(Debug, Clone)]
pub struct ApiKeyIdentity {
    pub id: ApiKeyId,
    name: String,
    secret_hash: String,
    created_by: UserId,
    role: Role,
    permissions: PermissionSet,
    allowed_addresses: Vec<Cidr>,
    expires_at: Option<DateTime<Utc>>,
}

impl ApiKeyIdentity {
    /// Compares the secret in constant time.
    pub fn verify_secret(&self, secret: &str) -> bool {
        secret_hash(secret).as_bytes().ct_eq(self.secret_hash.as_bytes()).into()
    }

    /// Checks the expiry and the allowed networks.
    pub fn is_usable(&self, now: DateTime<Utc>, from: Option<IpAddr>) -> bool {
        let in_time = self.expires_at.is_none_or(|end| now < end);
        let networks = &self.allowed_addresses;
        let known = |from| networks.iter().any(|network| network.contains(from));
        in_time && (networks.is_empty() || from.is_some_and(known))
    }

    /// The key as an actor.
    pub fn actor(&self, ip: Option<String>, request_id: String) -> Actor {
        Actor {
            user_id: self.created_by,
            name: format!("API key {}", self.name),
            role: self.role,
            permissions: self.permissions,
            api_key: Some(self.id),
            technician_id: None,
            session_id: None,
            ip,
            request_id: Some(request_id),
        }
    }
}

/// Loads an API key; `None` if it is revoked or its creator's account is disabled.
pub fn find_identity(conn: &mut Conn, id: ApiKeyId) -> Result<Option<ApiKeyIdentity>> {
    let found = table::find(conn, id)?;
    let Some((row, maker)) = found.filter(|(row, maker)| row.revoked_at.is_none() && maker.active)
    else {
        return Ok(None);
    };
    let permissions = permissions(&row.permissions)?;
    let addresses =
        split_list(&row.allowed_addresses).map(|text| Cidr::parse(text).map_err(corrupt));
    Ok(Some(ApiKeyIdentity {
        id,
        name: row.name,
        secret_hash: row.secret_hash,
        created_by: maker.id,
        role: maker.role,
        permissions: PermissionSet::for_api_key(maker.role, &permissions),
        allowed_addresses: addresses.collect::<Result<_>>()?,
        expires_at: row.expires_at.map(|end| end.and_utc()),
    }))
}

/// Lists API keys, newest first.
///
/// # Errors
/// `OutOfRange` (limit), `InvalidCursor`.
pub fn list(conn: &mut Conn, query: &ApiKeyQuery) -> Result<Page<ApiKey>> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref(), query.with_total)?;
    let rows = table::list(conn, query.revoked, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, query.revoked)).transpose()?;
    let rows: Vec<ApiKey> = rows.into_iter().map(to_api_key).collect::<Result<_>>()?;
    Ok(page.page(rows, total, |key| Cursor::text("", key.id.0), |key| key))
}

/// Creates an API key. The response is the only place where the key can be read.
///
/// # Errors
/// Invalid fields; `PermissionNotGrantable` for a permission that keys or the actor do not have;
/// `InThePast`; `Taken` (name).
pub fn create(tx: &mut Tx<'_>, actor: &Actor, input: &ApiKeyCreate) -> Result<ApiKeyCreated> {
    let new = input.parse()?;
    let mut check = Validator::default();
    for (index, &permission) in new.permissions.iter().enumerate() {
        if !permission.is_grantable_to_api_key()
            || actor.permissions.grant(permission) != Some(Scope::All)
        {
            check.fail::<()>(&format!("permissions[{index}]"), ErrorCode::PermissionNotGrantable);
        }
    }
    if new.expires_at.is_some_and(|end| end <= tx.now()) {
        check.fail::<()>("expires_at", ErrorCode::InThePast);
    }
    check.finish(Some(()))?;
    let secret: String =
        rand::rng().sample_iter(Alphanumeric).take(SECRET_CHARS).map(char::from).collect();
    let addresses: Vec<String> = new.allowed_addresses.iter().map(Cidr::to_string).collect();
    let permissions: Vec<&str> = new.permissions.iter().map(|one| one.as_str()).collect();
    let row = NewApiKeyRow {
        name: &new.name,
        secret_hash: &secret_hash(&secret),
        permissions: &permissions.join(","),
        allowed_addresses: &addresses.join(","),
        expires_at: new.expires_at.map(|end| db::truncate_to_micros(end).naive_utc()),
        created_by: actor.user_id,
        created_at: tx.now().naive_utc(),
    };
    let id = table::insert(tx.conn(), &row).map_err(|error| map_unique_violation("name", error))?;
    let api_key = to_api_key(table::find(tx.conn(), id)?.or_not_found()?)?;
    let event = AuditEvent { action: AuditAction::ApiKeyCreate, entity_id: id.0 };
    audit::record::<ApiKey, _>(tx, actor, event, None, Some(&api_key))?;
    tx.emit(LiveEvent::ApiKeyChanged(ApiKeyEvent { id }));
    Ok(ApiKeyCreated { api_key, key: format!("{KEY_PREFIX}{id}_{secret}") })
}

/// Revokes a key at once. Revoking a revoked key changes nothing.
///
/// # Errors
/// `NotFound`.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, id: ApiKeyId) -> Result<()> {
    let before = to_api_key(table::find(tx.conn(), id)?.or_not_found()?)?;
    let now = tx.now().naive_utc();
    if !table::revoke(tx.conn(), id, now)? {
        return Ok(());
    }
    let after = to_api_key(table::find(tx.conn(), id)?.or_not_found()?)?;
    let event = AuditEvent { action: AuditAction::ApiKeyRevoke, entity_id: id.0 };
    audit::record(tx, actor, event, Some(&before), Some(&after))?;
    tx.emit(LiveEvent::ApiKeyChanged(ApiKeyEvent { id }));
    Ok(())
}

/// Records the time and address of the latest use.
pub fn record_use(tx: &mut Tx<'_>, id: ApiKeyId, ip: Option<&str>) -> Result<()> {
    let now = tx.now().naive_utc();
    Ok(table::set_last_used(tx.conn(), id, ip, now)?)
}

fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').filter(|part| !part.is_empty())
}

fn permissions(text: &str) -> Result<Vec<Permission>> {
    split_list(text).map(|word| word.parse().map_err(corrupt)).collect()
}

fn corrupt(why: impl std::fmt::Display) -> Error {
    DbError::Corrupt(format!("API key: {why}")).into()
}

fn to_api_key((row, maker): ApiKeyWithCreator) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.id,
        permissions: permissions(&row.permissions)?,
        allowed_addresses: split_list(&row.allowed_addresses).map(str::to_owned).collect(),
        name: row.name,
        expires_at: row.expires_at.map(|time| time.and_utc()),
        created_by: maker.id,
        created_by_name: maker.name,
        created_at: row.created_at.and_utc(),
        last_used_at: row.last_used_at.map(|time| time.and_utc()),
        last_used_ip: row.last_used_ip,
        revoked_at: row.revoked_at.map(|time| time.and_utc()),
    })
}
