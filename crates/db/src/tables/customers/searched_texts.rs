//! What the search finds customers by.

use std::collections::HashMap;

use diesel::prelude::*;
use shared::CustomerId;

use super::{CustomerRow, CustomerValues};
use crate::conn::Conn;
use crate::device_serials;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::customers as table;
use crate::search::IndexedText;

impl CustomerValues {
    /// The value of `search_text`, with the serial numbers of the devices at the customer.
    pub(super) fn search_text(&self, devices: &[String]) -> String {
        let mut text = IndexedText::default()
            .number(&self.number)
            .name_with_ends(&self.name)
            .text(&self.address)
            .phone(self.phone.as_str());
        if let Some(phone) = &self.second_phone {
            text = text.phone(phone.as_str());
        }
        if let Some(area) = &self.area {
            text = text.text(area);
        }
        if let Some(odp) = &self.odp {
            text = text.odp(odp);
        }
        devices.iter().fold(text, |text, serial| text.serial_number(serial)).build()
    }
}

/// Brings `search_text` up to date after a device was installed or removed. The version stays: nobody edited the
/// customer.
pub fn refresh_search_text(conn: &mut Conn, id: CustomerId) -> Result<(), DbError> {
    let found = table::table.find(id).select((CustomerRow::as_select(), table::search_text));
    let found: Option<(CustomerRow, String)> = found.first(conn).optional()?;
    let Some((row, before)) = found else { return Ok(()) };
    let devices = device_serials::serials_of(conn, id)?;
    let text = CustomerValues::from(row).search_text(&devices);
    if text != before {
        diesel::update(table::table.find(id)).set(table::search_text.eq(text)).execute(conn)?;
    }
    Ok(())
}

/// Writes the `search_text` of so many customers after this id; returns their ids.
pub(crate) fn rewrite_search_text(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let rows: Vec<CustomerRow> = table::table
        .filter(table::id.gt(CustomerId(after)))
        .order(table::id)
        .limit(limit)
        .select(CustomerRow::as_select())
        .load(conn)?;
    let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
    let mut devices: HashMap<CustomerId, Vec<String>> = HashMap::new();
    for (customer, serial_number) in device_serials::serials_of_all(conn, &ids)? {
        devices.entry(customer).or_default().push(serial_number);
    }
    let none = Vec::new();
    for row in rows {
        let id = row.id;
        let devices = devices.get(&id).unwrap_or(&none);
        let text = CustomerValues::from(row).search_text(devices);
        let statement = diesel::update(table::table.find(id)).set(table::search_text.eq(text));
        Prepared(statement).execute(conn)?;
    }
    Ok(ids.into_iter().map(|id| id.0).collect())
}
