//! `/profile`: duty status, skills, results and language.

use crate::callback_data::profile::ProfileCallback;
use notify::telegram::Button;
use services::technician_stats::{self, TechnicianStats};
use services::{Actor, Result, technicians, telegram};
use shared::technician::{Skill, Technician};
use shared::{Lang, TechnicianId};

use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts;
use crate::view_context::ViewContext;

/// Handles a button of the profile.
///
/// # Errors
/// `NotAuthenticated`; `Forbidden` if a person who is no technician changes the duty status.
pub fn handle_callback(
    mut ctx: UpdateContext<'_, '_>,
    message_id: i32,
    callback: &ProfileCallback,
) -> Result<BotResponse> {
    let toast = match *callback {
        ProfileCallback::Duty(on_duty) => set_duty(&mut ctx, on_duty)?,
        ProfileCallback::Language(lang) => set_language(&mut ctx, lang)?,
    };
    Ok(BotResponse::edit_view(message_id, profile_view(&mut ctx)?).with_toast(toast))
}

fn set_duty(ctx: &mut UpdateContext<'_, '_>, on_duty: bool) -> Result<&'static str> {
    let (actor, _) = ctx.technician()?;
    technicians::set_on_duty(ctx.tx, &actor, on_duty)?;
    Ok(match on_duty {
        true => texts::profile::duty_started(ctx.lang),
        false => texts::profile::duty_ended(ctx.lang),
    })
}

fn set_language(ctx: &mut UpdateContext<'_, '_>, lang: Lang) -> Result<&'static str> {
    let actor = ctx.actor()?;
    telegram::set_language(ctx.tx, &actor, lang)?;
    ctx.lang = lang;
    Ok(texts::profile::language_changed(lang))
}

/// Shows the profile of the person.
///
/// # Errors
/// `NotAuthenticated`.
pub fn show(mut ctx: UpdateContext<'_, '_>) -> Result<BotResponse> {
    Ok(BotResponse::view(profile_view(&mut ctx)?))
}

fn profile_view(ctx: &mut UpdateContext<'_, '_>) -> Result<MessageView> {
    let actor = ctx.actor()?;
    let view_ctx = ctx.view_ctx();
    let mut view = match actor.technician_id {
        Some(id) => technician_view(ctx, id)?,
        None => office_view(&actor),
    };
    view.buttons.push(language_buttons(view_ctx));
    Ok(view)
}

/// The profile of somebody who is no technician: the name.
fn office_view(actor: &Actor) -> MessageView {
    MessageView::text(format!("👤 {}", bold(&actor.name)))
}

fn technician_view(ctx: &mut UpdateContext<'_, '_>, id: TechnicianId) -> Result<MessageView> {
    let view_ctx = ctx.view_ctx();
    let lang = view_ctx.lang;
    let technician = technicians::get(ctx.tx.conn(), id)?;
    let stats = technician_stats::load(ctx.tx.conn(), id, view_ctx.now, view_ctx.zone())?;
    let (duty, label) = match technician.on_duty {
        true => (texts::profile::on_duty(lang), texts::profile::end_duty(lang)),
        false => (texts::profile::off_duty(lang), texts::profile::start_duty(lang)),
    };
    let toggle = ProfileCallback::Duty(!technician.on_duty);
    let skills = skill_lines(lang, &technician.skills);
    let text = [
        format!("👷 {}\n{duty}", bold(&technician.name)),
        format!("{}\n{skills}", bold(texts::profile::skills(lang))),
        format!("{}\n{}", bold(texts::profile::results(lang)), stats_text(lang, &stats)),
        last_location(view_ctx, &technician),
    ];
    let buttons = vec![vec![view_ctx.button(label, toggle)]];
    Ok(MessageView { text: text.join("\n\n"), buttons })
}

/// A button for every other language, in that language.
fn language_buttons(view_ctx: ViewContext<'_>) -> Vec<Button> {
    let others = Lang::ALL.iter().copied().filter(|lang| *lang != view_ctx.lang);
    let button = |lang| {
        let label = format!("🌐 {}", texts::profile::language_name(lang));
        view_ctx.button(label, ProfileCallback::Language(lang))
    };
    others.map(button).collect()
}

fn skill_lines(lang: Lang, skills: &[Skill]) -> String {
    if skills.is_empty() {
        return texts::profile::no_skills(lang).to_owned();
    }
    let line = |skill: &Skill| {
        let level = usize::from(skill.level.min(5));
        let stars = format!("{}{}", "★".repeat(level), "☆".repeat(5 - level));
        format!("{stars} {}", format::skill(lang, skill.skill))
    };
    skills.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn stats_text(lang: Lang, stats: &TechnicianStats) -> String {
    let Some(percent) = stats.on_time_percent() else {
        return texts::profile::no_results_this_month(lang, stats.this_week);
    };
    let mut lines = vec![
        texts::profile::completed(lang, stats.this_week, stats.this_month),
        texts::profile::on_time(lang, percent),
    ];
    let hours = stats.average_hours.map(|hours| format::decimal(lang, hours, 1));
    lines.extend(hours.map(|hours| texts::profile::average_hours(lang, hours)));
    lines.join("\n")
}

fn last_location(view_ctx: ViewContext<'_>, technician: &Technician) -> String {
    match technician.last_seen_at {
        Some(at) => {
            let time = escape(&format::date_time(view_ctx, at));
            texts::profile::last_location(view_ctx.lang, time)
        }
        None => texts::profile::no_location(view_ctx.lang).to_owned(),
    }
}
