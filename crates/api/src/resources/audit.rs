//! Audit log: list and export.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};
use services::Error;
use services::audit::{self, AuditExport};
use shared::Page;
use shared::audit::{AuditEntry, AuditExportQuery, AuditQuery};

use crate::extractors::authorization::Allowed;
use crate::extractors::permissions;
use crate::extractors::query::Query;
use crate::openapi::problem_responses::ProblemResponses;
use crate::reply::{self, Reply};
use crate::state::App;

/// Lists audit entries, newest first.
///
/// What the caller may not read elsewhere is left out of `before` and `after`, and `q` does not
/// find it.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, body = Page<AuditEntry>), ProblemResponses))]
pub async fn list(app: App, call: Allowed<permissions::AuditRead, Query<AuditQuery>>) -> Reply {
    let Allowed { actor, input: Query(query), .. } = call;
    reply::read(&app, move |conn| audit::list(conn, &actor, &query)).await
}

/// Exports all audit entries of the filter as CSV for spreadsheets (semicolons, UTF-8 with a byte
/// order mark). An apostrophe precedes cells that would be read as a formula.
#[utoipa::path(get, path = "/api/audit/export", tag = "audit", params(AuditExportQuery),
    responses((status = 200, content_type = "text/csv", body = String), ProblemResponses))]
pub async fn export(
    app: App,
    call: Allowed<permissions::AuditRead, Query<AuditExportQuery>>,
) -> Reply {
    let today = app.db.clock().now().with_timezone(&app.db.time_zone()).date_naive();
    let file = format!("attachment; filename=\"audit-{today}.csv\"");
    let begin = (app, AuditExport::new(&call.actor, &call.input.0)?);
    let lines = stream::try_unfold(begin, |(app, mut export)| async move {
        let some = app.db.read(move |conn| {
            let rows = export.next_batch(conn)?;
            Ok::<_, Error>((audit::csv_rows(&rows)?, export))
        });
        let (bytes, export) = some.await?;
        Ok::<_, Error>((!bytes.is_empty()).then(|| (Bytes::from(bytes), (app, export))))
    });
    let headings = stream::iter([Ok(Bytes::from_static(audit::CSV_HEADER.as_bytes()))]);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, file))
        .streaming(headings.chain(lines)))
}
