//! Lists of customers.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use shared::customer::{CustomerSort, CustomerStatus};
use shared::{CustomerId, PlanId, TechnicianId};

use super::{CustomerRow, CustomerWithPlanCode, with_plan_code};
use crate::conn::{Conn, MultiBackend};
use crate::cursor::Cursor;
use crate::error::DbError;
use crate::page::{CountUpTo, Found};
use crate::schema::{customers as table, job_technicians, jobs};
use crate::search::{self, Hit, Indexed, SearchQuery};

/// Filter of the customer list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerFilter {
    /// Words that all have to occur.
    pub search: Option<SearchQuery>,
    /// Any of these; all when empty.
    pub statuses: Vec<CustomerStatus>,
    pub plan_id: Option<PlanId>,
    /// Whatever the case.
    pub area: Option<String>,
    /// Only customers without coordinates.
    pub without_coordinates: bool,
    /// Only customers of this technician's jobs.
    pub technician_id: Option<TechnicianId>,
}

impl CustomerFilter {
    /// Whether the list is ranked by how well the search matches.
    pub fn is_ranked(&self, sort: Option<CustomerSort>) -> bool {
        self.search.is_some() && sort.is_none() && self.is_search_alone()
    }

    /// Whether nothing but the search limits the customers.
    fn is_search_alone(&self) -> bool {
        Self { search: None, ..self.clone() } == Self::default()
    }
}

define_sql_function! {
    /// In lower case; SQLite changes only the letters of ASCII.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

pub(super) type Filtered = table::BoxedQuery<'static, MultiBackend>;

/// The customers of the filter, except the search.
pub(super) fn filtered(filter: &CustomerFilter) -> Filtered {
    let mut query = table::table.into_boxed();
    match filter.statuses.as_slice() {
        [] => {}
        [one] => query = query.filter(table::status.eq(*one)),
        several => query = query.filter(table::status.eq_any(several.to_vec())),
    }
    if let Some(plan_id) = filter.plan_id {
        query = query.filter(table::plan_id.eq(plan_id));
    }
    if let Some(area) = &filter.area {
        query = query.filter(lower(table::area).eq(lower(area.clone())));
    }
    if filter.without_coordinates {
        query = query.filter(table::latitude.is_null());
    }
    if let Some(technician_id) = filter.technician_id {
        query = query.filter(table::id.eq_any(customers_of(technician_id)));
    }
    query
}

#[diesel::dsl::auto_type]
fn customers_of(technician_id: TechnicianId) -> _ {
    jobs::table
        .inner_join(job_technicians::table)
        .filter(job_technicians::technician_id.eq(technician_id))
        .select(jobs::customer_id)
}

/// Customers in the order of `sort`, after `cursor`; the filter's search is compared row by row.
pub fn list(
    conn: &mut Conn,
    filter: &CustomerFilter,
    sort: CustomerSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    load(conn, row_by_row(filter), sort, cursor, limit)
}

fn load(
    conn: &mut Conn,
    mut query: Filtered,
    sort: CustomerSort,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<CustomerWithPlanCode>, DbError> {
    if let Some(cursor) = cursor {
        query = after(query, sort, cursor);
    }
    let query = match sort {
        CustomerSort::NewestFirst => query.order((table::created_at.desc(), table::id.desc())),
        CustomerSort::OldestFirst => query.order((table::created_at.asc(), table::id.asc())),
        CustomerSort::Name => query.order((table::name.asc(), table::id.asc())),
        CustomerSort::NameDescending => query.order((table::name.desc(), table::id.desc())),
        CustomerSort::Number => query.order(table::number.asc()),
        CustomerSort::NumberDescending => query.order(table::number.desc()),
    };
    Ok(with_plan_code!(query).limit(limit).load(conn)?)
}

/// The filter with its search compared row by row.
fn row_by_row(filter: &CustomerFilter) -> Filtered {
    let conditions = filter
        .search
        .iter()
        .flat_map(|query| search::starts_with_all::<table::table>(Indexed::Customers, query));
    conditions.fold(filtered(filter), Filtered::filter)
}

fn among(filter: &CustomerFilter, ids: Vec<i64>) -> Filtered {
    let ids: Vec<CustomerId> = ids.into_iter().map(CustomerId).collect();
    filtered(filter).filter(table::id.eq_any(ids))
}

/// Customers in the given order, after `cursor`, with their cursors. A search without an order or further filters
/// shows the best matches first; with them it considers only the newest matches if there are very many.
pub fn search(
    conn: &mut Conn,
    filter: &CustomerFilter,
    sort: Option<CustomerSort>,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Found<CustomerWithPlanCode>, DbError> {
    let sort_or_default = sort.unwrap_or(CustomerSort::NewestFirst);
    let mut capped = false;
    let query = match &filter.search {
        Some(query) if filter.is_ranked(sort) => {
            return Ok(Found { rows: ranked(conn, query, cursor, limit)?, capped: false });
        }
        Some(query) if filter.technician_id.is_none() => {
            let ids = search::newest(conn, Indexed::Customers, query, search::MAX_CANDIDATES)?;
            capped = ids.len() as i64 == search::MAX_CANDIDATES;
            among(filter, ids)
        }
        _ => row_by_row(filter),
    };
    let rows = load(conn, query, sort_or_default, cursor, limit)?;
    let with_cursor = |row: CustomerWithPlanCode| {
        let cursor = cursor_of(&row.0, sort_or_default);
        (row, cursor)
    };
    Ok(Found { rows: rows.into_iter().map(with_cursor).collect(), capped })
}

fn ranked(
    conn: &mut Conn,
    query: &SearchQuery,
    cursor: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<(CustomerWithPlanCode, Cursor)>, DbError> {
    let after = cursor.and_then(search::position);
    let hits = search::ranked(conn, Indexed::Customers, query, after, limit)?;
    let ids: Vec<CustomerId> = hits.iter().map(|hit| CustomerId(hit.id)).collect();
    let found = table::table.into_boxed().filter(table::id.eq_any(ids));
    let rows: Vec<CustomerWithPlanCode> = with_plan_code!(found).load(conn)?;
    let row_of = |hit: &Hit| {
        let row = rows.iter().find(|(row, ..)| row.id.0 == hit.id)?;
        Some((row.clone(), hit.cursor()))
    };
    Ok(hits.iter().filter_map(row_of).collect())
}

fn after(query: Filtered, sort: CustomerSort, cursor: &Cursor) -> Filtered {
    let id = CustomerId(cursor.id);
    let text = cursor.as_text().to_owned();
    let time = cursor.as_time().unwrap_or_default();
    use table::{created_at, name, number};
    match sort {
        CustomerSort::NewestFirst => {
            query.filter(created_at.le(time).and(created_at.lt(time).or(table::id.lt(id))))
        }
        CustomerSort::OldestFirst => {
            query.filter(created_at.ge(time).and(created_at.gt(time).or(table::id.gt(id))))
        }
        CustomerSort::Name => {
            query.filter(name.ge(text.clone()).and(name.gt(text).or(table::id.gt(id))))
        }
        CustomerSort::NameDescending => {
            query.filter(name.le(text.clone()).and(name.lt(text).or(table::id.lt(id))))
        }
        CustomerSort::Number => query.filter(number.gt(text)),
        CustomerSort::NumberDescending => query.filter(number.lt(text)),
    }
}

/// The cursor of a row in a list with this sort order.
fn cursor_of(row: &CustomerRow, sort: CustomerSort) -> Cursor {
    match sort {
        CustomerSort::NewestFirst | CustomerSort::OldestFirst => {
            Cursor::time(row.created_at, row.id.0)
        }
        CustomerSort::Name | CustomerSort::NameDescending => Cursor::text(&row.name, row.id.0),
        CustomerSort::Number | CustomerSort::NumberDescending => {
            Cursor::text(&row.number, row.id.0)
        }
    }
}

/// Counts the matching customers, up to one more than a total shows.
pub fn count(conn: &mut Conn, filter: &CustomerFilter) -> Result<i64, DbError> {
    let query = match &filter.search {
        Some(query) if filter.is_search_alone() => {
            let limit = CountUpTo::LIMIT;
            let found = search::count(conn, Indexed::Customers, query, limit)?;
            let inside =
                |conn: &mut Conn| search::ranked(conn, Indexed::Customers, query, None, limit);
            return Ok(if found > 0 { found } else { inside(conn)?.len() as i64 });
        }
        Some(query) if filter.technician_id.is_none() => {
            let limit = search::MAX_CANDIDATES;
            among(filter, search::newest(conn, Indexed::Customers, query, limit)?)
        }
        _ => row_by_row(filter),
    };
    Ok(CountUpTo(query.select(table::id).limit(CountUpTo::LIMIT)).get_result(conn)?)
}
