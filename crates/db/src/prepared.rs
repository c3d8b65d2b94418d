//! Prepared-statement caching for statements that diesel does not cache by itself.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

/// A statement that every connection keeps prepared.
///
/// diesel prepares inserts, updates, lists of values and raw SQL anew each time, because their text may
/// differ from call to call, and for a short statement that takes longer than running it. Prepared
/// statements are cached by their text and never dropped: wrap only what has few different texts.
///
/// It works where diesel takes the statement by value: for those that return rows, not for `execute`. So what is
/// inserted or updated often returns a column.
pub struct Prepared<Q>(pub Q);

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Prepared<Q> {}

/// A statement with its limit as text, which every connection keeps prepared for each limit.
///
/// PostgreSQL does not know how many rows a parameter allows, takes its general plan for expensive and plans anew each
/// time, which takes longer than to read a page. Callers have few different limits.
pub struct Limited<Q>(pub Q, pub i64);

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Limited<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(&format!(" LIMIT {}", self.1));
        Ok(())
    }
}

impl<Q> QueryId for Limited<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Limited<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Limited<Q> {}
