//! Reports of some days: figures below a chart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use notify::telegram::{Keyboard, Message};
use serde::{Deserialize, Serialize};
use services::reports::{self, Period, Report};
use services::{Error, Result};
use shared::{ErrorCode, Permission};

use crate::answer::Answer;
use crate::chart;
use crate::flows::AdminPress;
use crate::flows::admin::office;
use crate::here::Here;
use crate::html::{bold, escape};
use crate::press::Press;
use crate::say;
use crate::screen::Screen;

/// Which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Span {
    #[serde(rename = "d")]
    Today,
    #[serde(rename = "w")]
    Week,
    #[serde(rename = "m")]
    Month,
}

impl Span {
    const ALL: [Self; 3] = [Self::Today, Self::Week, Self::Month];

    const fn period(self) -> Period {
        match self {
            Span::Today => Period::Today,
            Span::Week => Period::Week,
            Span::Month => Period::Month,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Span::Today => "Hari ini",
            Span::Week => "7 hari",
            Span::Month => "30 hari",
        }
    }
}

/// The report of these days.
pub fn show(here: Here<'_, '_>, span: Span) -> Result<Answer> {
    let actor = office(&here, Permission::ReportsRead)?;
    let screen = here.screen();
    let conn = here.tx.conn();
    let report = reports::load(conn, &actor, screen.now, screen.zone(), span.period())?;
    let title = format!("Pekerjaan {} hari terakhir", report.days.len());
    let picture = chart::bars(&title, &report.days).map_err(|error| {
        log::error!("a chart can not be drawn: {error}");
        Error::refuse(ErrorCode::Internal)
    })?;
    Ok(Answer::message(Message::Picture {
        picture: STANDARD.encode(picture),
        caption: caption(span, &report),
        keyboard: spans(screen),
    }))
}

fn spans(screen: Screen<'_>) -> Keyboard {
    let button = |span: Span| screen.button(span.label(), &Press::Admin(AdminPress::Report(span)));
    Keyboard::Inline(vec![Span::ALL.map(button).to_vec()])
}

fn caption(span: Span, report: &Report) -> String {
    let mut lines = vec![
        bold(&format!("📊 Laporan {}", span.label().to_lowercase())),
        format!("Dibuat {} · selesai {}", report.created, report.completed),
    ];
    lines.extend(report.on_time_percent().map(|percent| format!("Tepat waktu {percent}%")));
    for figures in &report.by_type {
        let hours = figures
            .average_hours
            .map(|hours| format!(", rata-rata {} jam", say::decimal(hours, 1)));
        let kind = say::job_type(figures.job_type);
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
