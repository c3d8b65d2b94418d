//! `GET /metrics`: Prometheus metrics endpoint.

use actix_web::HttpResponse;
use prometheus_client::encoding::text::encode;
use services::delivery;

use crate::extractors::authorization::Allowed;
use crate::extractors::permissions;
use crate::problem::ApiError;
use crate::reply::Reply;
use crate::state::App;

/// Media type of the OpenMetrics text format.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /metrics`: counters and gauges of this server, for Prometheus. Needs `dashboard.read`.
pub async fn scrape(app: App, _call: Allowed<permissions::DashboardRead>) -> Reply {
    let now = app.db.clock().now();
    let figures = app.db.read(move |conn| delivery::read_stats(conn, now)).await?;
    app.metrics.set_delivery_gauges(&figures);
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry)
        .map_err(|error| ApiError::Internal(error.to_string()))?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(text))
}
