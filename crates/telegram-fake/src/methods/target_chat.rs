//! The chat that a method writes to, and the result of methods.

use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::state::State;
use crate::types::ResponseBody;

pub(super) type MethodResult = Result<ResponseBody, ApiError>;

/// Returns the chat of the request if the bot may write to it.
pub(super) fn open_chat(state: &State, arguments: &Arguments) -> Result<i64, ApiError> {
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
