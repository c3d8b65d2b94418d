//! The technicians of jobs as a column of a query for jobs.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::ValidGrouping;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use shared::TechnicianId;
use shared::job::JobTechnician;

use crate::conn::AnyBackend;
use crate::schema::jobs;

/// The technicians of a job, the lead first, as one column of a query for jobs: [`CrewColumn`].
#[derive(Debug, Clone, Default, PartialEq, Eq, FromSqlRow)]
pub struct Crew(Vec<JobTechnician>);

impl From<Crew> for Vec<JobTechnician> {
    fn from(crew: Crew) -> Self {
        crew.0
    }
}

impl<DB: Backend> FromSql<Text, DB> for Crew
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let members: Vec<(TechnicianId, String, u8)> =
            serde_json::from_str(&String::from_sql(value)?)?;
        let technician =
            |(technician_id, name, lead)| JobTechnician { technician_id, name, lead: lead == 1 };
        let mut crew: Vec<JobTechnician> = members.into_iter().map(technician).collect();
        crew.sort_by_key(|technician| (!technician.lead, technician.technician_id));
        Ok(Self(crew))
    }
}

/// Selects the technicians of each job of a query, as [`Crew`]. A second statement would cost another round trip to PostgreSQL.
#[derive(Debug, Clone, Copy, QueryId, ValidGrouping)]
pub struct CrewColumn;

impl Expression for CrewColumn {
    type SqlType = Text;
}

impl<QS> AppearsOnTable<QS> for CrewColumn where jobs::id: AppearsOnTable<QS> {}

impl<QS> SelectableExpression<QS> for CrewColumn where jobs::id: SelectableExpression<QS> {}

const CREW_OF_JOB: &str = " FROM job_technicians m JOIN technicians t ON t.id = m.technician_id WHERE m.job_id = jobs.id)";

impl QueryFragment<Sqlite> for CrewColumn {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("(SELECT json_group_array(json_array(t.id, t.name, m.lead))");
        pass.push_sql(CREW_OF_JOB);
        Ok(())
    }
}

impl QueryFragment<Pg> for CrewColumn {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let members = "json_agg(json_build_array(t.id, t.name, m.lead::int))";
        pass.push_sql(&format!("(SELECT coalesce({members}, '[]')::text"));
        pass.push_sql(CREW_OF_JOB);
        Ok(())
    }
}

impl QueryFragment<AnyBackend> for CrewColumn {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, AnyBackend>) -> QueryResult<()> {
        AnyBackend::walk_variant_ast(self, pass)
    }
}
