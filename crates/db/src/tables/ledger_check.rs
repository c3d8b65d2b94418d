//! Consistency check of the stored stock sums against the ledger.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use shared::{ItemId, LocationId};

use crate::conn::Conn;
use crate::error::DbError;

/// One inconsistency.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Discrepancy {
    /// The violated rule.
    #[diesel(sql_type = Text)]
    pub rule: String,
    #[diesel(sql_type = BigInt)]
    pub item_id: ItemId,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub location_id: Option<LocationId>,
    #[diesel(sql_type = BigInt)]
    pub expected: i64,
    #[diesel(sql_type = BigInt)]
    pub actual: i64,
}

/// All inconsistencies. One statement sees one snapshot, also while goods move.
pub fn discrepancies(conn: &mut Conn) -> Result<Vec<Discrepancy>, DbError> {
    Ok(diesel::sql_query(
        "SELECT 'sum_is_zero' AS rule, item_id, CAST(NULL AS BIGINT) AS location_id,
                CAST(0 AS BIGINT) AS expected, CAST(SUM(quantity) AS BIGINT) AS actual
           FROM balances GROUP BY item_id HAVING SUM(quantity) <> 0
         UNION ALL
         SELECT 'balance_is_sum_of_movements', item_id, location_id,
                CAST(SUM(booked) AS BIGINT), CAST(SUM(held) AS BIGINT)
           FROM (SELECT item_id, location_id, 0 AS booked, quantity AS held FROM balances
                 UNION ALL
                 SELECT item_id, to_location_id, quantity, 0 FROM movements
                 UNION ALL
                 SELECT item_id, from_location_id, -quantity, 0 FROM movements) AS entries
          GROUP BY item_id, location_id HAVING SUM(booked) <> SUM(held)
         UNION ALL
         SELECT 'on_hand_is_sum_of_warehouses', i.id, CAST(NULL AS BIGINT),
                CAST(COALESCE(s.quantity, 0) AS BIGINT), i.on_hand
           FROM items i LEFT JOIN (
                SELECT b.item_id, SUM(b.quantity) AS quantity
                  FROM balances b JOIN locations l ON l.id = b.location_id
                 WHERE l.kind = 'warehouse' GROUP BY b.item_id) AS s ON s.item_id = i.id
          WHERE i.on_hand <> COALESCE(s.quantity, 0)
         UNION ALL
         SELECT 'only_the_outside_owes', b.item_id, b.location_id,
                CAST(0 AS BIGINT), b.quantity
           FROM balances b JOIN locations l ON l.id = b.location_id
          WHERE b.quantity < 0 AND l.kind NOT IN ('supplier', 'adjustment')
         UNION ALL
         SELECT 'units_are_the_balance', e.item_id, e.location_id,
                CAST(SUM(e.held) AS BIGINT), CAST(SUM(e.units) AS BIGINT)
           FROM (SELECT b.item_id, b.location_id, b.quantity AS held, 0 AS units
                   FROM balances b JOIN items i ON i.id = b.item_id WHERE i.serialized
                 UNION ALL
                 SELECT item_id, location_id, 0, 1 FROM units) AS e
           JOIN locations l ON l.id = e.location_id
          WHERE l.kind NOT IN ('supplier', 'adjustment')
          GROUP BY e.item_id, e.location_id HAVING SUM(e.held) <> SUM(e.units)",
    )
    .load(conn)?)
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = BigInt)]
    movements: i64,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// Counts items, movements and units.
pub fn size(conn: &mut Conn) -> Result<(i64, i64, i64), DbError> {
    let row: Counted = diesel::sql_query(
        "SELECT (SELECT COUNT(*) FROM items) AS items,
                (SELECT COUNT(*) FROM movements) AS movements,
                (SELECT COUNT(*) FROM units) AS units",
    )
    .get_result(conn)?;
    Ok((row.items, row.movements, row.units))
}
