//! Which stored customer a row is about.

use std::collections::{HashMap, HashSet};

use db::Conn;
use db::tables::customers::{self as table, CustomerRow};
use shared::{CustomerId, PhoneNumber, PlanId};

use super::customer_row::ParsedCustomer;
use crate::error::Result;

/// Rows looked up with one query.
const LOOKUP_BATCH: usize = 400;

/// Identity by which rows of a file match customers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum CustomerKey {
    Number(String),
    Person(PhoneNumber, String),
}

impl CustomerKey {
    pub(super) fn from_row(row: &ParsedCustomer) -> Self {
        match &row.number {
            Some(number) => CustomerKey::Number(number.clone()),
            None => CustomerKey::from_person(&row.phone, &row.name),
        }
    }

    fn from_person(phone: &PhoneNumber, name: &str) -> Self {
        CustomerKey::Person(phone.clone(), name.to_lowercase())
    }
}

/// A valid row with its plan.
pub(super) struct AcceptedRow {
    pub row: ParsedCustomer,
    pub key: CustomerKey,
    pub plan_id: Option<PlanId>,
}

/// Stored customers that rows of the batch may match.
pub(super) struct StoredCustomers(HashMap<CustomerKey, CustomerRow>);

impl StoredCustomers {
    pub(super) fn load(
        conn: &mut Conn,
        rows: &[AcceptedRow],
        made: &HashSet<CustomerId>,
    ) -> Result<Self> {
        let mut stored = HashMap::with_capacity(rows.len());
        let numbers: Vec<&str> =
            rows.iter().filter_map(|accepted| accepted.row.number.as_deref()).collect();
        for some in numbers.chunks(LOOKUP_BATCH) {
            for row in table::find_by_numbers(conn, some)? {
                stored.insert(CustomerKey::Number(row.number.clone()), row);
            }
        }
        let nameless = rows.iter().filter(|accepted| accepted.row.number.is_none());
        let phones: Vec<&PhoneNumber> = nameless.map(|accepted| &accepted.row.phone).collect();
        for some in phones.chunks(LOOKUP_BATCH) {
            let there = table::find_by_phones(conn, some)?;
            for row in there.into_iter().filter(|row| !made.contains(&row.id)) {
                stored.entry(CustomerKey::from_person(&row.phone, &row.name)).or_insert(row);
            }
        }
        Ok(Self(stored))
    }

    pub(super) fn find(&self, accepted: &AcceptedRow) -> Option<&CustomerRow> {
        self.0.get(&accepted.key)
    }
}
