//! Redaction of personal data by the role of the reader.

use db::search::{HiddenParts, SearchQuery};
use db::{DbError, search};
use serde_json::Value;
use shared::audit::AuditEntity;
use shared::text::{TextForm, normalize};
use shared::{PersonalData, PhoneNumber, Reader, Visibility, serial_number_spelled_otherwise};

use crate::Actor;
use crate::error::{Error, Result};

impl Actor {
    /// The actor as a reader of personal data.
    pub fn reader(&self) -> Reader {
        Reader { role: self.role, permissions: self.permissions }
    }

    /// How the actor may see this kind of data.
    pub fn visibility_of(&self, data: PersonalData) -> Visibility {
        self.reader().visibility_of(data)
    }

    /// What the actor may not see of customers, and so must not find either.
    fn hidden_parts(&self) -> HiddenParts {
        HiddenParts {
            phone: self.visibility_of(PersonalData::CustomerPhone) != Visibility::Full,
            odp: self.visibility_of(PersonalData::CustomerNotes) != Visibility::Full,
        }
    }

    /// A customer's phone number as the actor may see it.
    pub(crate) fn customer_phone(&self, phone: &PhoneNumber) -> Option<String> {
        match self.visibility_of(PersonalData::CustomerPhone) {
            Visibility::Full => Some(phone.to_string()),
            Visibility::Masked => Some(phone.masked()),
            Visibility::Hidden => None,
        }
    }

    /// The text if the actor may see this kind of data in full.
    pub(crate) fn visible_text(&self, data: PersonalData, text: Option<String>) -> Option<String> {
        text.filter(|_| self.visibility_of(data) == Visibility::Full)
    }
}

/// Splits a search into words.
///
/// # Errors
/// `InvalidText` of the field `q`.
pub(crate) fn search_words(query: Option<&str>) -> Result<Vec<String>> {
    let Some(query) = query else { return Ok(Vec::new()) };
    if let Some(serial) = serial_number_spelled_otherwise(query) {
        return Ok(vec![serial.to_lowercase()]);
    }
    // A number in whatever spelling a messenger or a spreadsheet has it; also a part of one.
    if let Ok(phone) = PhoneNumber::parse(query) {
        let digits = phone.as_str().trim_start_matches('+');
        return Ok(vec![digits.strip_prefix("62").unwrap_or(digits).to_owned()]);
    }
    let text = normalize(query, TextForm::Line).map_err(|code| Error::field("q", code))?;
    Ok(search::query_words(&text))
}

/// Parses a search in customers or jobs for this reader.
///
/// # Errors
/// `InvalidText` of the field `q`.
pub(crate) fn search_query(actor: &Actor, query: Option<&str>) -> Result<Option<SearchQuery>> {
    let words = search_words(query)?;
    let asked = query.is_some_and(|text| !text.trim().is_empty());
    Ok(asked.then(|| SearchQuery::new(&words, actor.hidden_parts())))
}

/// The kind of personal data in a field of an audit snapshot. The match is exhaustive: a new kind of
/// entity has to say which of its fields are personal.
fn personal_data_of(entity: AuditEntity, field: &str) -> Option<PersonalData> {
    use AuditEntity as E;
    use PersonalData as D;
    match (entity, field) {
        (E::Customer, "name" | "number") => Some(D::CustomerName),
        (E::Customer, "phone" | "second_phone") => Some(D::CustomerPhone),
        (E::Customer, "email") => Some(D::CustomerEmail),
        (E::Customer, "address" | "latitude" | "longitude") => Some(D::CustomerAddress),
        (E::Customer, "nik") => Some(D::CustomerNik),
        (E::Customer, "id" | "plan_id" | "plan_code" | "status" | "identity_photo")
        | (E::Customer, "version" | "created_at" | "updated_at")
        // An import as a whole.
        | (E::Customer, "file" | "rows" | "created" | "updated" | "unchanged") => None,
        // A new field counts as personal until it is listed above.
        (E::Customer, _) => Some(D::CustomerNotes),
        (
            E::Job,
            "title" | "description" | "address" | "latitude" | "longitude" | "report"
            | "on_hold_reason" | "ont_serial_number" | "returned_serial_number",
        )
        | (E::Photo, "latitude" | "longitude" | "taken_at") => Some(D::JobDetails),
        (
            E::Technician,
            "name" | "username" | "phone" | "base_latitude" | "base_longitude" | "last_latitude"
            | "last_longitude" | "last_seen_at",
        )
        | (E::BagReturn, "technician_name" | "decided_by")
        // A bag is named after its technician.
        | (E::Movement, "from_location_name" | "to_location_name" | "created_by") => {
            Some(D::Technician)
        }
        (
            E::TechnicianRegistration,
            "name" | "phone" | "telegram_name" | "area" | "latitude" | "longitude" | "reason",
        ) => Some(D::Applicant),
        (E::User, "name" | "username" | "last_login_at") => Some(D::UserAccount),
        (E::User, "chat_id") => Some(D::TelegramChat),
        (E::ApiKey, "last_used_ip" | "allowed_addresses") => Some(D::NetworkAddress),
        (
            E::Job
            | E::Photo
            | E::Technician
            | E::BagReturn
            | E::Movement
            | E::TechnicianRegistration
            | E::User
            | E::ApiKey
            | E::Item
            | E::Unit
            | E::Location
            | E::Plan
            | E::Session
            | E::Notification
            | E::Settings
            | E::Keys
            | E::System,
            _,
        ) => None,
    }
}

/// Redacts an audit snapshot (JSON) for a reader. The stored entry stays unchanged. Snapshots of an
/// unknown kind of entity, from another version, are visible only to readers who see everything.
pub(crate) fn redacted(
    reader: Reader,
    entity: &str,
    kept: Option<String>,
) -> Result<Option<String>> {
    let Some(kept) = kept else { return Ok(None) };
    if reader.sees_everything() {
        return Ok(Some(kept));
    }
    let Ok(entity) = entity.parse::<AuditEntity>() else { return Ok(None) };
    let corrupt = |error: serde_json::Error| DbError::Corrupt(format!("audit: {error}"));
    let mut value = serde_json::from_str(&kept).map_err(corrupt)?;
    redact(reader, entity, &mut value);
    Ok(Some(serde_json::to_string(&value).map_err(corrupt)?))
}

fn redact(reader: Reader, entity: AuditEntity, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match personal_data_of(entity, name) {
                    // Its fields have names of their own.
                    _ if holds_fields(value) => redact(reader, entity, value),
                    Some(data) => {
                        *value = redact_value(reader.visibility_of(data), data, value.take())
                    }
                    None => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(reader, entity, item)),
        _ => {}
    }
}

fn holds_fields(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(holds_fields),
        _ => false,
    }
}

fn redact_value(form: Visibility, data: PersonalData, value: Value) -> Value {
    match (form, data) {
        // Audit snapshots contain the masked number only.
        (Visibility::Full, _) | (Visibility::Masked, PersonalData::CustomerNik) => value,
        (Visibility::Masked, PersonalData::CustomerPhone) => {
            let number = value.as_str().and_then(|text| PhoneNumber::parse(text).ok());
            number.map_or(Value::Null, |number| number.masked().into())
        }
        (Visibility::Masked | Visibility::Hidden, _) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use shared::{PermissionSet, Role};

    use super::*;

    fn of(role: Role, entity: &str, kept: &str) -> Option<String> {
        let reader = Reader { role, permissions: PermissionSet::for_role(role) };
        redacted(reader, entity, Some(kept.to_owned())).unwrap()
    }

    #[test]
    fn personal_fields_are_redacted_at_any_depth() {
        let kept = r#"{"list":[{"email":"a@b.id","phone":"+6281234567890","status":"active"}]}"#;
        let seen = r#"{"list":[{"email":null,"phone":"+62812•••••890","status":"active"}]}"#;
        assert_eq!(of(Role::Manager, "customer", kept).as_deref(), Some(seen));
        assert_eq!(of(Role::Admin, "customer", kept).as_deref(), Some(kept));
    }

    #[test]
    fn audit_readers_see_no_technician_names_in_warehouse_entries() {
        let rights = PermissionSet::for_api_key(Role::Superadmin, &[shared::Permission::AuditRead]);
        let reader = Reader { role: Role::Superadmin, permissions: rights };
        let kept = r#"{"technician_name":"Budi","status":"requested"}"#.to_owned();
        let seen = redacted(reader, "bag_return", Some(kept)).unwrap().unwrap();
        assert!(!seen.contains("Budi") && seen.contains("requested"), "{seen}");
        let kept = r#"{"from_location_name":"Tas Budi","quantity":3}"#.to_owned();
        let seen = redacted(reader, "movement", Some(kept)).unwrap().unwrap();
        assert!(!seen.contains("Budi") && seen.contains('3'), "{seen}");
    }

    #[test]
    fn unreviewed_entities_are_visible_only_to_full_readers() {
        assert_eq!(of(Role::Manager, "invoice", r#"{"phone":"+6281234567890"}"#), None);
        assert!(of(Role::Admin, "invoice", "{}").is_some());
    }
}
