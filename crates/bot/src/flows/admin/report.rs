//! Reports of a period: figures below a chart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use notify::telegram::{Keyboard, Message};
use services::reports::{self, Period, Report};
use services::{Error, Result};
use shared::{ErrorCode, Lang, Permission};

use super::access::office_actor;
use crate::callback_data::admin::{AdminCallback, ReportPeriod};
use crate::chart::{self, ChartTexts};
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::response::BotResponse;
use crate::texts::reports as texts;
use crate::view_context::ViewContext;

const PERIODS: [ReportPeriod; 3] = [ReportPeriod::Today, ReportPeriod::Week, ReportPeriod::Month];

const fn period(period: ReportPeriod) -> Period {
    match period {
        ReportPeriod::Today => Period::Today,
        ReportPeriod::Week => Period::Week,
        ReportPeriod::Month => Period::Month,
    }
}

const fn period_label(lang: Lang, period: ReportPeriod) -> &'static str {
    match period {
        ReportPeriod::Today => texts::today(lang),
        ReportPeriod::Week => texts::week(lang),
        ReportPeriod::Month => texts::month(lang),
    }
}

/// Sends the report of a period.
pub fn show(ctx: UpdateContext<'_, '_>, span: ReportPeriod) -> Result<BotResponse> {
    let actor = office_actor(&ctx, Permission::ReportsRead)?;
    let (view_ctx, lang) = (ctx.view_ctx(), ctx.lang);
    let conn = ctx.tx.conn();
    let report = reports::load(conn, &actor, view_ctx.now, view_ctx.zone(), period(span))?;
    let chart_texts = ChartTexts {
        title: &texts::chart_title(lang, report.days.len()),
        created: texts::chart_created(lang),
        completed: texts::chart_completed(lang),
    };
    let picture = chart::bar_chart(&chart_texts, &report.days).map_err(|error| {
        log::error!("a chart can not be drawn: {error}");
        Error::refuse(ErrorCode::Internal)
    })?;
    Ok(BotResponse::message(Message::Picture {
        picture: STANDARD.encode(picture),
        caption: caption(lang, span, &report),
        keyboard: period_keyboard(view_ctx),
    }))
}

fn period_keyboard(view_ctx: ViewContext<'_>) -> Keyboard {
    let button = |period| {
        view_ctx.button(period_label(view_ctx.lang, period), AdminCallback::Report(period))
    };
    Keyboard::Inline(vec![PERIODS.map(button).to_vec()])
}

fn caption(lang: Lang, period: ReportPeriod, report: &Report) -> String {
    let period = period_label(lang, period).to_lowercase();
    let mut lines = vec![
        bold(&texts::title(lang, period)),
        texts::totals(lang, report.created, report.completed),
    ];
    lines.extend(report.on_time_percent().map(|percent| texts::on_time(lang, percent)));
    for stats in &report.by_type {
        let hours = stats.average_hours.map(|hours| format::decimal(lang, hours, 1));
        let hours = hours.map(|hours| texts::average_hours(lang, hours)).unwrap_or_default();
        let kind = stats.job_type.label_in(lang);
        lines.push(format!("{kind}: {}{hours}", stats.completed));
    }
    if !report.top.is_empty() {
        lines.push(String::new());
        lines.push(bold(texts::top(lang)));
    }
    lines.extend(report.top.iter().enumerate().map(|(index, top)| {
        texts::top_line(lang, index + 1, escape(&top.name), top.completed, top.on_time)
    }));
    lines.join("\n")
}
