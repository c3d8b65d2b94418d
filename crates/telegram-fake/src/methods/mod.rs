//! The methods of the Bot API.

mod album;
mod compose;
mod edit;
mod media;
mod method;
mod other;
mod profile;
mod send;
mod subscription;

pub(crate) use method::Method;
pub(crate) use profile::Profile;

use crate::arguments::Arguments;
use crate::files::FileKind;
use crate::refusal::Refusal;
use crate::state::State;
use crate::wire::Answered;
use edit::Part;

/// The longest text of a message, in UTF-16 units.
const MAX_TEXT: usize = 4_096;
/// The longest text below a picture or a file.
const MAX_CAPTION: usize = 1_024;

type Answer = Result<Answered, Refusal>;

/// Answers everything but `getUpdates`, which waits.
pub(crate) fn call(state: &mut State, method: Method, arguments: &Arguments) -> Answer {
    match method {
        Method::GetMe => Ok(profile::me(state)),
        Method::GetUpdates => Ok(Answered::Updates(Vec::new())),
        Method::SetWebhook => subscription::set(state, arguments),
        Method::DeleteWebhook => Ok(subscription::delete(state, arguments)),
        Method::GetWebhookInfo => Ok(subscription::info(state)),
        Method::SendMessage => send::text(state, arguments),
        Method::SendPhoto => send::file(state, arguments, FileKind::Photo),
        Method::SendDocument => send::file(state, arguments, FileKind::Document),
        Method::SendLocation => send::location(state, arguments),
        Method::SendVenue => send::venue(state, arguments),
        Method::SendMediaGroup => album::send(state, arguments),
        Method::SendChatAction => other::action(state, arguments),
        Method::EditMessageText => edit::edit(state, arguments, Part::Text),
        Method::EditMessageCaption => edit::edit(state, arguments, Part::Caption),
        Method::EditMessageMedia => edit::edit(state, arguments, Part::Media),
        Method::EditMessageReplyMarkup => edit::edit(state, arguments, Part::Buttons),
        Method::DeleteMessage => other::delete(state, arguments),
        Method::AnswerCallbackQuery => other::answer_query(state, arguments),
        Method::GetFile => other::file(state, arguments),
        Method::GetChat => other::chat(state, arguments),
        Method::SetMyCommands => profile::set_commands(state, arguments),
        Method::GetMyCommands => profile::commands(state, arguments),
        Method::DeleteMyCommands => profile::delete_commands(state, arguments),
        Method::SetMyText(which) => Ok(profile::set_text(state, arguments, which)),
        Method::GetMyText(which) => Ok(profile::text(state, arguments, which)),
        Method::Accepted => Ok(Answered::Done(true)),
    }
}

/// The chat of the request, if the bot may write there.
fn open_chat(state: &State, arguments: &Arguments) -> Result<i64, Refusal> {
    let given = arguments.filled("chat_id").ok_or_else(|| Refusal::bad("chat_id is empty"))?;
    let found = given.trim().parse().ok().and_then(|id: i64| Some((id, state.chats.get(&id)?)));
    match found {
        None => Err(Refusal::bad("chat not found")),
        Some((_, chat)) if chat.blocked => Err(Refusal::forbidden("bot was blocked by the user")),
        Some((_, chat)) if !chat.started => {
            Err(Refusal::forbidden("bot can't initiate conversation with a user"))
        }
        Some((id, _)) => Ok(id),
    }
}
