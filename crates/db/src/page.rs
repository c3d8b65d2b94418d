//! Rows of a list and their number.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use diesel::{QueryResult, RunQueryDsl};
use shared::pagination::MAX_TOTAL;

use crate::cursor::Cursor;

/// Rows of a list, each with the cursor that continues after it.
#[derive(Debug, Clone)]
pub struct Found<R> {
    pub rows: Vec<(R, Cursor)>,
    /// Whether only the newest of very many matches were considered.
    pub capped: bool,
}

/// Counts the rows of a query, which has to stop at [`CountUpTo::LIMIT`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct CountUpTo<Q>(pub Q);

impl CountUpTo<()> {
    /// One more than a total shows, which tells that there are more.
    pub const LIMIT: i64 = MAX_TOTAL + 1;
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for CountUpTo<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(pass.reborrow())?;
        pass.push_sql(") AS counted");
        Ok(())
    }
}

impl<Q> QueryId for CountUpTo<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for CountUpTo<Q> {
    type SqlType = BigInt;
}

impl<Q, C> RunQueryDsl<C> for CountUpTo<Q> {}
