//! Names of the supported methods.

use super::profile::ProfileText;

/// A supported method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    GetMe,
    GetUpdates,
    SetWebhook,
    DeleteWebhook,
    GetWebhookInfo,
    SendMessage,
    SendPhoto,
    SendDocument,
    SendLocation,
    SendVenue,
    SendMediaGroup,
    SendChatAction,
    EditMessageText,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    DeleteMessage,
    AnswerCallbackQuery,
    GetFile,
    GetChat,
    SetMyCommands,
    GetMyCommands,
    DeleteMyCommands,
    SetMyText(ProfileText),
    GetMyText(ProfileText),
    /// Succeeds without any effect in the fake.
    Accepted,
}

impl Method {
    /// Returns the method with this name in lower case.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "getme" => Self::GetMe,
            "getupdates" => Self::GetUpdates,
            "setwebhook" => Self::SetWebhook,
            "deletewebhook" => Self::DeleteWebhook,
            "getwebhookinfo" => Self::GetWebhookInfo,
            "sendmessage" => Self::SendMessage,
            "sendphoto" => Self::SendPhoto,
            "senddocument" => Self::SendDocument,
            "sendlocation" => Self::SendLocation,
            "sendvenue" => Self::SendVenue,
            "sendmediagroup" => Self::SendMediaGroup,
            "sendchataction" => Self::SendChatAction,
            "editmessagetext" => Self::EditMessageText,
            "editmessagecaption" => Self::EditMessageCaption,
            "editmessagemedia" => Self::EditMessageMedia,
            "editmessagereplymarkup" => Self::EditMessageReplyMarkup,
            "deletemessage" => Self::DeleteMessage,
            "answercallbackquery" => Self::AnswerCallbackQuery,
            "getfile" => Self::GetFile,
            "getchat" => Self::GetChat,
            "setmycommands" => Self::SetMyCommands,
            "getmycommands" => Self::GetMyCommands,
            "deletemycommands" => Self::DeleteMyCommands,
            "setmyname" => Self::SetMyText(ProfileText::Name),
            "getmyname" => Self::GetMyText(ProfileText::Name),
            "setmydescription" => Self::SetMyText(ProfileText::Description),
            "getmydescription" => Self::GetMyText(ProfileText::Description),
            "setmyshortdescription" => Self::SetMyText(ProfileText::ShortDescription),
            "getmyshortdescription" => Self::GetMyText(ProfileText::ShortDescription),
            "setchatmenubutton" | "logout" | "close" => Self::Accepted,
            _ => return None,
        })
    }
}
