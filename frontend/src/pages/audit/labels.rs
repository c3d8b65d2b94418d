//! Labels of the codes in the audit log. An unknown code stays as it is.

use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::audit::{AuditAction, AuditEntity};
use shared::customer::CustomerStatus;
use shared::inventory::ItemUnit;
use shared::job::{JobPriority, JobType};
use shared::job_state_machine::JobStatus;
use shared::second_factor::SecondFactorDemand;
use shared::technician::SkillKind;
use shared::{Permission, Role};

use crate::core::labels::Label;
use crate::core::{format, i18n};
use crate::tr;

macro_rules! fields {
    ($($code:literal => $key:ident),+ $(,)?) => {
        fn known_field(code: &str) -> Option<&'static str> {
            Some(match code {
                $($code => tr!(audit.fields.$key),)+
                _ => return None,
            })
        }
    };
}

fields! {
    "name" => name,
    "username" => username,
    "phone" => phone,
    "email" => email,
    "address" => address,
    "latitude" => latitude,
    "longitude" => longitude,
    "status" => status,
    "role" => role,
    "active" => active,
    "pending" => pending,
    "priority" => priority,
    "type" => kind_of,
    "title" => title,
    "description" => description,
    "notes" => notes,
    "nik" => nik,
    "odp" => odp,
    "plan_id" => plan_id,
    "plan_code" => plan_code,
    "number" => number,
    "code" => code,
    "category" => category,
    "unit" => unit,
    "serialized" => serialized,
    "min_stock" => min_stock,
    "price" => price,
    "speed_mbps" => speed_mbps,
    "quantity" => quantity,
    "serial_number" => serial_number,
    "serial_numbers" => serial_numbers,
    "state" => state,
    "reason" => reason,
    "supplier" => supplier,
    "on_hand" => on_hand,
    "customer_id" => customer_id,
    "technician_id" => technician_id,
    "technician_ids" => technician_ids,
    "item_id" => item_id,
    "location_id" => location_id,
    "scheduled_start" => scheduled_start,
    "scheduled_end" => scheduled_end,
    "due_at" => due_at,
    "report" => report,
    "ont_serial_number" => ont_serial_number,
    "attenuation_dbm" => attenuation_dbm,
    "on_hold_reason" => on_hold_reason,
    "skills" => skills,
    "skill" => skill,
    "level" => level,
    "on_duty" => on_duty,
    "base_latitude" => base_latitude,
    "base_longitude" => base_longitude,
    "permissions" => permissions,
    "allowed_addresses" => allowed_addresses,
    "expires_at" => expires_at,
    "registration_open" => registration_open,
    "service_areas" => service_areas,
    "telegram_registration_open" => telegram_registration_open,
    "telegram_name" => telegram_name,
    "area" => area,
    "require_second_factor" => require_second_factor,
    "second_factor" => second_factor,
    "telegram_linked" => telegram_linked,
    "chat_id" => chat_id,
    "must_change_password" => must_change_password,
    "job_types" => job_types,
    "sla_hours" => sla_hours,
    "min_photos" => min_photos,
    "needs_ont_serial_number" => needs_ont_serial_number,
    "needs_attenuation" => needs_attenuation,
    "materials" => materials,
    "calendar" => calendar,
    "week" => week,
    "holidays" => holidays,
    "opens" => opens,
    "closes" => closes,
    "created_at" => created_at,
    "created_by" => created_by,
    "kind" => kind,
    "width" => width,
    "height" => height,
    "uploaded_by" => uploaded_by,
    "uploaded_at" => uploaded_at,
    "identity_photo" => identity_photo,
    "from_location_name" => from_location_name,
    "to_location_name" => to_location_name,
    "item_code" => item_code,
    "item_name" => item_name,
    "movements" => movements,
    "last_login_at" => last_login_at,
}

/// Returns the label of an action.
pub fn action_word(code: &str) -> String {
    code.parse::<AuditAction>()
        .map_or_else(|_| code.to_owned(), |action| action.label(i18n::lang()).to_owned())
}

/// Returns the label of an entity.
pub fn entity_word(code: &str) -> String {
    code.parse::<AuditEntity>()
        .map_or_else(|_| code.to_owned(), |entity| entity.label(i18n::lang()).to_owned())
}

/// Returns the page of a resource, if it has one.
pub fn entity_page(entity: &str, id: i64) -> Option<String> {
    let folder = match entity {
        "job" => "jobs",
        "customer" => "customers",
        "technician" => "technicians",
        "item" => "inventory",
        "user" => "users",
        _ => return None,
    };
    Some(format!("/{folder}/{id}"))
}

/// Returns the label of a path, from the outside in; rows of lists are counted from one.
pub fn field_word(path: &str) -> String {
    if path.is_empty() {
        return tr!(audit.value).to_owned();
    }
    let part = |part: &str| {
        let (name, row) = match part.split_once('[') {
            Some((name, row)) => (name, row.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let known = known_field(name).or_else(|| name.parse().ok().map(JobType::label));
        let word = known.map_or_else(|| name.replace('_', " "), str::to_owned);
        match row {
            Some(row) => format!("{word} {}", row + 1),
            None => word,
        }
    };
    path.split('.').map(part).collect::<Vec<_>>().join(" › ")
}

/// Returns a value as text: codes by their labels, moments as people write them.
pub fn value_word(field: &str, value: &Value) -> String {
    match value {
        Value::Null => tr!(common.none).to_owned(),
        Value::Bool(true) => tr!(common.yes).to_owned(),
        Value::Bool(false) => tr!(common.no).to_owned(),
        Value::Number(number) => match number.as_i64() {
            Some(number) if !field.ends_with("_id") => format::number(number),
            _ => number.to_string(),
        },
        Value::String(text) => text_word(field, text),
        Value::Array(items) => {
            items.iter().map(|item| value_word(field, item)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => value.to_string(),
    }
}

fn text_word(field: &str, text: &str) -> String {
    fn label<T: Label + std::str::FromStr>(text: &str) -> Option<&'static str> {
        text.parse::<T>().ok().map(Label::label)
    }
    let word = match field {
        "status" => label::<JobStatus>(text).or_else(|| label::<CustomerStatus>(text)),
        "priority" => label::<JobPriority>(text),
        "type" => label::<JobType>(text),
        "role" => label::<Role>(text),
        "unit" => label::<ItemUnit>(text),
        "skill" => label::<SkillKind>(text),
        "permissions" => label::<Permission>(text),
        "require_second_factor" => label::<SecondFactorDemand>(text),
        _ => None,
    };
    if let Some(word) = word {
        return word.to_owned();
    }
    match text.parse::<DateTime<Utc>>() {
        Ok(at) => format::exact(at),
        Err(_) => text.to_owned(),
    }
}
