//! Questions of an application: the form's steps as messages.

use notify::telegram::{ChatButton, Keyboard};
use services::{Result, settings};
use shared::Lang;
use shared::technician::SkillKind;
use shared::technician_registration::parse_applicant_name;

use super::dialogue::RegistrationDialogue;
use super::form::ApplicationForm;
use crate::callback_data::registration::{FormStep, RegistrationCallback};
use crate::context::UpdateContext;
use crate::format;
use crate::html::{bold, escape};
use crate::message_view::MessageView;
use crate::response::BotResponse;
use crate::texts::registration as texts;
use crate::view_context::ViewContext;

/// The areas that the organisation serves.
pub fn service_areas(ctx: &mut UpdateContext<'_, '_>) -> Result<Vec<String>> {
    Ok(settings::load(ctx.tx.conn())?.service_areas)
}

/// Asks the question at which the form stands, and waits for its answer.
pub fn ask_question(ctx: &mut UpdateContext<'_, '_>, form: ApplicationForm) -> Result<BotResponse> {
    let (lang, view_ctx) = (ctx.lang, ctx.view_ctx());
    let response = match form.step {
        FormStep::Name => {
            let text = question_text(lang, &form, texts::ask_name(lang));
            BotResponse::with_keyboard(text, name_keyboard(ctx, &form))
        }
        FormStep::Phone => {
            let text = question_text(lang, &form, texts::ask_phone(lang));
            BotResponse::with_keyboard(text, phone_keyboard(lang))
        }
        FormStep::Area if form.typing_area => {
            BotResponse::with_keyboard(texts::type_area(lang), back_keyboard(lang))
        }
        FormStep::Area => {
            let areas = service_areas(ctx)?;
            let question = match areas.is_empty() {
                true => texts::ask_area_typed(lang),
                false => texts::ask_area(lang),
            };
            let text = question_text(lang, &form, question);
            BotResponse::with_keyboard(text, area_keyboard(lang, &areas))
        }
        FormStep::Skills => BotResponse::view(skills_view(view_ctx, &form)),
        FormStep::Photo => BotResponse::view(photo_view(view_ctx, &form)),
        FormStep::Summary => BotResponse::view(summary_view(view_ctx, &form)),
    };
    Ok(response.with_dialogue(RegistrationDialogue::Applying(form)))
}

/// The title of the form's step with its number, and the question.
fn question_text(lang: Lang, form: &ApplicationForm, question: &str) -> String {
    let title = match form.step {
        FormStep::Photo => texts::photo_title(lang),
        step => step_title(lang, step),
    };
    let index = FormStep::QUESTIONS.iter().position(|step| *step == form.step);
    let title = match index {
        Some(index) if !form.correcting => {
            bold(&format!("{}/{} {title}", index + 1, FormStep::QUESTIONS.len()))
        }
        _ => bold(title),
    };
    format!("{title}\n{question}")
}

/// Proposes the name that Telegram knows.
fn name_keyboard(ctx: &UpdateContext<'_, '_>, form: &ApplicationForm) -> Keyboard {
    let mut rows: Vec<Vec<ChatButton>> = Vec::new();
    let known = form.name.clone().or_else(|| parse_applicant_name(&ctx.sender.name).ok());
    rows.extend(known.map(|name| vec![ChatButton::Text(name)]));
    if form.correcting {
        rows.push(vec![back_button(ctx.lang)]);
    }
    if rows.is_empty() { Keyboard::Remove } else { Keyboard::Chat(rows) }
}

fn phone_keyboard(lang: Lang) -> Keyboard {
    let share = ChatButton::Contact(texts::share_phone(lang).into());
    Keyboard::Chat(vec![vec![share], vec![back_button(lang)]])
}

fn back_keyboard(lang: Lang) -> Keyboard {
    Keyboard::Chat(vec![vec![back_button(lang)]])
}

fn back_button(lang: Lang) -> ChatButton {
    ChatButton::Text(texts::back(lang).into())
}

fn area_keyboard(lang: Lang, areas: &[String]) -> Keyboard {
    let mut rows = vec![vec![ChatButton::Place(texts::share_location(lang).into())]];
    let named: Vec<ChatButton> = areas.iter().cloned().map(ChatButton::Text).collect();
    rows.extend(named.chunks(2).map(<[_]>::to_vec));
    let mut last = Vec::new();
    if !areas.is_empty() {
        last.push(ChatButton::Text(texts::other_area(lang).into()));
    }
    last.push(back_button(lang));
    rows.push(last);
    Keyboard::Chat(rows)
}

/// The skills, with a tick at those that are selected.
pub fn skills_view(view_ctx: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let lang = view_ctx.lang;
    let row = |skill: &SkillKind| {
        let selected = form.skills.contains(skill);
        let mark = if selected { "☑️" } else { "⬜" };
        let label = format!("{mark} {}", format::skill(lang, *skill));
        vec![view_ctx.button(label, RegistrationCallback::Skill(*skill, !selected))]
    };
    let mut buttons: Vec<_> = SkillKind::ALL.iter().map(row).collect();
    buttons.push(vec![
        view_ctx.button(texts::back(lang), RegistrationCallback::Back(FormStep::Skills)),
        view_ctx.button(texts::next(lang), RegistrationCallback::Next(FormStep::Skills)),
    ]);
    MessageView { text: question_text(lang, form, texts::ask_skills(lang)), buttons }
}

fn photo_view(view_ctx: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let lang = view_ctx.lang;
    let question = texts::ask_photo(lang);
    let (question, next) = match form.photo {
        Some(_) => (format!("{question}\n{}", texts::photo_there(lang)), texts::next(lang)),
        None => (question.to_owned(), texts::skip(lang)),
    };
    let buttons = vec![vec![
        view_ctx.button(texts::back(lang), RegistrationCallback::Back(FormStep::Photo)),
        view_ctx.button(next, RegistrationCallback::Next(FormStep::Photo)),
    ]];
    MessageView { text: question_text(lang, form, &question), buttons }
}

/// All answers, with buttons to send or to correct them.
pub fn summary_view(view_ctx: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let lang = view_ctx.lang;
    let title = bold(texts::check_first(lang));
    let text = format!("{title}\n{}\n\n{}", form_summary(lang, form), texts::ask_correct(lang));
    let button = |label: &str, callback| view_ctx.button(label, callback);
    let buttons = vec![
        vec![
            button(texts::submit(lang), RegistrationCallback::Submit),
            button(texts::correct(lang), RegistrationCallback::Correct),
        ],
        vec![button(texts::back(lang), RegistrationCallback::Back(FormStep::Summary))],
    ];
    MessageView { text, buttons }
}

/// Asks which answer is to be corrected.
pub fn corrections_view(view_ctx: ViewContext<'_>, form: &ApplicationForm) -> MessageView {
    let lang = view_ctx.lang;
    let text = format!("{}\n\n{}", form_summary(lang, form), bold(texts::ask_field(lang)));
    let button =
        |step| view_ctx.button(step_title(lang, step), RegistrationCallback::CorrectField(step));
    let fields: Vec<_> = FormStep::QUESTIONS.into_iter().map(button).collect();
    let mut buttons: Vec<_> = fields.chunks(2).map(<[_]>::to_vec).collect();
    buttons.push(vec![view_ctx.button(texts::back(lang), RegistrationCallback::Keep)]);
    MessageView { text, buttons }
}

const fn step_title(lang: Lang, step: FormStep) -> &'static str {
    match step {
        FormStep::Name => texts::name(lang),
        FormStep::Phone => texts::phone(lang),
        FormStep::Area => texts::area(lang),
        FormStep::Skills => texts::skills(lang),
        FormStep::Photo => texts::photo(lang),
        FormStep::Summary => texts::summary(lang),
    }
}

/// All answers, one line each.
pub fn form_summary(lang: Lang, form: &ApplicationForm) -> String {
    FormStep::QUESTIONS.map(|step| answer_line(lang, form, step)).join("\n")
}

/// The answer to one question; all answers for the summary.
pub fn answer_line(lang: Lang, form: &ApplicationForm, step: FormStep) -> String {
    let answer = match step {
        FormStep::Name => form.name.as_deref().map(escape),
        FormStep::Phone => form.phone.as_deref().map(escape),
        FormStep::Area => match (&form.area, form.place) {
            (Some(area), _) => Some(escape(area)),
            (None, Some(_)) => Some(texts::location_shared(lang).to_owned()),
            (None, None) => None,
        },
        FormStep::Skills => {
            let labels: Vec<&str> =
                form.skills.iter().map(|skill| format::skill(lang, *skill)).collect();
            (!labels.is_empty()).then(|| labels.join(", "))
        }
        FormStep::Photo => form.photo.as_ref().map(|_| texts::photo_given(lang).to_owned()),
        FormStep::Summary => return form_summary(lang, form),
    };
    format!("{}: {}", step_title(lang, step), answer.unwrap_or_else(|| "–".to_owned()))
}
