//! Reports of some days: figures below a chart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use notify::telegram::{Keyboard, Message};
use serde::{Deserialize, Serialize};
use services::reports::{self, Period, Report};
use services::{Error, Result};
use shared::{ErrorCode, Permission};

use crate::callback_data::CallbackData;
use crate::chart;
use crate::context::UpdateContext;
use crate::flows::AdminCallback;
use crate::flows::admin::office_actor;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::view_context::ViewContext;

/// Which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportPeriod {
    #[serde(rename = "d")]
    Today,
    #[serde(rename = "w")]
    Week,
    #[serde(rename = "m")]
    Month,
}

impl ReportPeriod {
    const ALL: [Self; 3] = [Self::Today, Self::Week, Self::Month];

    const fn period(self) -> Period {
        match self {
            ReportPeriod::Today => Period::Today,
            ReportPeriod::Week => Period::Week,
            ReportPeriod::Month => Period::Month,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            ReportPeriod::Today => "Hari ini",
            ReportPeriod::Week => "7 hari",
            ReportPeriod::Month => "30 hari",
        }
    }
}

/// The report of these days.
pub fn show(here: UpdateContext<'_, '_>, span: ReportPeriod) -> Result<BotResponse> {
    let actor = office_actor(&here, Permission::ReportsRead)?;
    let screen = here.view_ctx();
    let conn = here.tx.conn();
    let report = reports::load(conn, &actor, screen.now, screen.zone(), span.period())?;
    let title = format!("Pekerjaan {} hari terakhir", report.days.len());
    let picture = chart::bar_chart(&title, &report.days).map_err(|error| {
        log::error!("a chart can not be drawn: {error}");
        Error::refuse(ErrorCode::Internal)
    })?;
    Ok(BotResponse::message(Message::Picture {
        picture: STANDARD.encode(picture),
        caption: caption(span, &report),
        keyboard: period_keyboard(screen),
    }))
}

fn period_keyboard(screen: ViewContext<'_>) -> Keyboard {
    let button = |span: ReportPeriod| {
        screen.button(span.label(), &CallbackData::Admin(AdminCallback::Report(span)))
    };
    Keyboard::Inline(vec![ReportPeriod::ALL.map(button).to_vec()])
}

fn caption(span: ReportPeriod, report: &Report) -> String {
    let mut lines = vec![
        bold(&format!("📊 Laporan {}", span.label().to_lowercase())),
        format!("Dibuat {} · selesai {}", report.created, report.completed),
    ];
    lines.extend(report.on_time_percent().map(|percent| format!("Tepat waktu {percent}%")));
    for figures in &report.by_type {
        let hours = figures
            .average_hours
            .map(|hours| format!(", rata-rata {} jam", format::decimal(hours, 1)));
        let kind = format::job_type(figures.job_type);
        lines.push(format!("{kind}: {}{}", figures.completed, hours.unwrap_or_default()));
    }
    if !report.top.is_empty() {
        lines.push(String::new());
        lines.push(bold("Teknisi teratas"));
    }
    for (index, top) in report.top.iter().enumerate() {
        let (done, on_time) = (top.completed, top.on_time);
        let name = escape(&top.name);
        lines.push(format!("{}. {name}: {done} selesai, {on_time} tepat waktu", index + 1));
    }
    lines.join("\n")
}
