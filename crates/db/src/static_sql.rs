//! Statements whose text is written once per process.

use std::sync::OnceLock;

use diesel::backend::Backend;
use diesel::internal::derives::multiconnection::AstPassHelper;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

use crate::conn::{Conn, MultiBackend};

type Builder = <MultiBackend as Backend>::QueryBuilder;

/// Where the text of one statement is kept, for either database.
#[derive(Debug)]
pub struct SqlText {
    sqlite: OnceLock<String>,
    postgres: OnceLock<String>,
}

impl SqlText {
    /// Not written yet.
    pub const fn new() -> Self {
        Self { sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    fn of(&self, backend: &MultiBackend) -> &OnceLock<String> {
        match backend {
            MultiBackend::Sqlite(_) => &self.sqlite,
            MultiBackend::Postgres(_) => &self.postgres,
        }
    }
}

/// A statement that every connection keeps prepared, and whose text is not put together again.
///
/// diesel writes the text of a statement of two databases two or three times per call, identifier
/// by identifier; for a short statement that is most of its cost. Whoever names a [`Text`] promises
/// that the statement always has this text: no optional filter, no list of another length.
pub struct StaticSql<Q> {
    pub text: &'static SqlText,
    pub statement: Q,
}

impl<Q: QueryFragment<MultiBackend>> QueryFragment<MultiBackend> for StaticSql<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if pass.bind_collector().is_some() || pass.debug_binds().is_some() {
            return self.statement.walk_ast(pass);
        }
        let kept = self.text.of(pass.backend());
        if let Some(text) = kept.get() {
            pass.push_sql(text);
            return Ok(());
        }
        let mut builder = match pass.backend() {
            MultiBackend::Sqlite(_) => Builder::Sqlite(Default::default()),
            MultiBackend::Postgres(_) => Builder::Postgres(Default::default()),
        };
        self.statement.to_sql(&mut builder, pass.backend())?;
        pass.push_sql(kept.get_or_init(|| builder.finish()));
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, _: &MultiBackend) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for StaticSql<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for StaticSql<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Conn> for StaticSql<Q> {}
