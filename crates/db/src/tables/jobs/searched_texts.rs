//! What the search finds jobs by.

use std::collections::HashMap;

use diesel::prelude::*;
use shared::{CustomerId, JobId};

use super::{JobCustomer, JobRow};
use crate::conn::Conn;
use crate::device_serials;
use crate::error::DbError;
use crate::prepared::Prepared;
use crate::schema::{customers, jobs as table};
use crate::search::IndexedText;

/// What of a job itself is searched.
#[derive(Debug, Clone, Copy)]
pub struct SearchedTexts<'a> {
    pub number: &'a str,
    pub title: &'a str,
    pub address: &'a str,
    pub ont_serial_number: Option<&'a str>,
}

impl<'a> SearchedTexts<'a> {
    /// The texts of a row.
    pub fn of(row: &'a JobRow) -> Self {
        Self {
            number: &row.number,
            title: &row.title,
            address: &row.address,
            ont_serial_number: row.ont_serial_number.as_deref(),
        }
    }

    /// The value of a job's `search_text`, with the serial numbers of the devices at the customer.
    pub fn search_text(self, customer: &JobCustomer, devices: &[String]) -> String {
        let mut text = IndexedText::default()
            .number(self.number)
            .text(self.title)
            .number(&customer.number)
            .text(&customer.name)
            .text(self.address)
            .phone(customer.phone.as_str());
        if let Some(odp) = &customer.odp {
            text = text.odp(odp);
        }
        let serials = self.ont_serial_number.into_iter().chain(devices.iter().map(String::as_str));
        serials.fold(text, IndexedText::serial_number).build()
    }
}

/// Writes the `search_text` of so many jobs after this id; returns their ids.
pub(crate) fn rewrite_search_text(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> Result<Vec<i64>, DbError> {
    let rows: Vec<(JobRow, JobCustomer)> = table::table
        .inner_join(customers::table)
        .filter(table::id.gt(JobId(after)))
        .order(table::id)
        .limit(limit)
        .select((JobRow::as_select(), JobCustomer::as_select()))
        .load(conn)?;
    let owners: Vec<CustomerId> = rows.iter().map(|(row, _)| row.customer_id).collect();
    let mut devices: HashMap<CustomerId, Vec<String>> = HashMap::new();
    for (customer, serial_number) in device_serials::serials_of_all(conn, &owners)? {
        devices.entry(customer).or_default().push(serial_number);
    }
    let none = Vec::new();
    for (row, customer) in &rows {
        let devices = devices.get(&row.customer_id).unwrap_or(&none);
        let text = SearchedTexts::of(row).search_text(customer, devices);
        let statement = diesel::update(table::table.find(row.id)).set(table::search_text.eq(text));
        Prepared(statement).execute(conn)?;
    }
    Ok(rows.iter().map(|(row, _)| row.id.0).collect())
}

/// Updates `search_text` of a customer's jobs after something that is searched changed at the customer.
pub fn refresh_search_text(conn: &mut Conn, customer: CustomerId) -> Result<(), DbError> {
    let devices = device_serials::serials_of(conn, customer)?;
    let rows: Vec<(JobRow, JobCustomer, String)> = table::table
        .inner_join(customers::table)
        .filter(table::customer_id.eq(customer))
        .select((JobRow::as_select(), JobCustomer::as_select(), table::search_text))
        .load(conn)?;
    for (row, customer, before) in rows {
        let text = SearchedTexts::of(&row).search_text(&customer, &devices);
        if text != before {
            let job = table::table.find(row.id);
            diesel::update(job).set(table::search_text.eq(text)).execute(conn)?;
        }
    }
    Ok(())
}
