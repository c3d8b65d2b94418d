//! Methods of the Bot API.

mod album;
mod edit;
mod media;
mod method;
mod misc;
mod outgoing;
mod profile;
mod send;
mod webhook;

pub(crate) use method::Method;
pub(crate) use profile::Profile;

use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::files::FileKind;
use crate::state::State;
use crate::types::ResponseBody;
use edit::EditedPart;

/// Longest text of a message in UTF-16 units.
const MAX_TEXT: usize = 4_096;
/// Longest caption in UTF-16 units.
const MAX_CAPTION: usize = 1_024;

type MethodResult = Result<ResponseBody, ApiError>;

/// Runs a method. `getUpdates`, which waits, is handled elsewhere.
pub(crate) fn call(state: &mut State, method: Method, arguments: &Arguments) -> MethodResult {
    match method {
        Method::GetMe => Ok(profile::get_me(state)),
        Method::GetUpdates => Ok(ResponseBody::Updates(Vec::new())),
        Method::SetWebhook => webhook::set(state, arguments),
        Method::DeleteWebhook => Ok(webhook::delete(state, arguments)),
        Method::GetWebhookInfo => Ok(webhook::info(state)),
        Method::SendMessage => send::text(state, arguments),
        Method::SendPhoto => send::file(state, arguments, FileKind::Photo),
        Method::SendDocument => send::file(state, arguments, FileKind::Document),
        Method::SendLocation => send::location(state, arguments),
        Method::SendVenue => send::venue(state, arguments),
        Method::SendMediaGroup => album::send(state, arguments),
        Method::SendChatAction => misc::send_chat_action(state, arguments),
        Method::EditMessageText => edit::edit(state, arguments, EditedPart::Text),
        Method::EditMessageCaption => edit::edit(state, arguments, EditedPart::Caption),
        Method::EditMessageMedia => edit::edit(state, arguments, EditedPart::Media),
        Method::EditMessageReplyMarkup => edit::edit(state, arguments, EditedPart::Buttons),
        Method::DeleteMessage => misc::delete_message(state, arguments),
        Method::AnswerCallbackQuery => misc::answer_callback_query(state, arguments),
        Method::GetFile => misc::get_file(state, arguments),
        Method::GetChat => misc::get_chat(state, arguments),
        Method::SetMyCommands => profile::set_commands(state, arguments),
        Method::GetMyCommands => profile::commands(state, arguments),
        Method::DeleteMyCommands => profile::delete_commands(state, arguments),
        Method::SetMyText(which) => Ok(profile::set_text(state, arguments, which)),
        Method::GetMyText(which) => Ok(profile::text(state, arguments, which)),
        Method::Accepted => Ok(ResponseBody::Done(true)),
    }
}

/// Returns the chat of the request if the bot may write to it.
fn open_chat(state: &State, arguments: &Arguments) -> Result<i64, ApiError> {
    let given = arguments
        .non_empty_text("chat_id")
        .ok_or_else(|| ApiError::bad_request("chat_id is empty"))?;
    let found = given.trim().parse().ok().and_then(|id: i64| Some((id, state.chats.get(&id)?)));
    match found {
        None => Err(ApiError::bad_request("chat not found")),
        Some((_, chat)) if chat.blocked => Err(ApiError::forbidden("bot was blocked by the user")),
        Some((_, chat)) if !chat.started => {
            Err(ApiError::forbidden("bot can't initiate conversation with a user"))
        }
        Some((id, _)) => Ok(id),
    }
}
