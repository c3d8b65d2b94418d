//! Parsing of Telegram's updates.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::{ChatId, Coordinates, Lang};
use teloxide::types::{
    ChatMemberUpdated, Document, FileMeta, MediaGroupId, MediaKind, Message, MessageKind, Update,
    UpdateKind, User,
};

use crate::callback_data::{CallbackData, CallbackSigner};

/// Endings of the names of pictures that phones write.
const PICTURE_ENDINGS: [&str; 8] = ["jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "mpo"];

/// The person who sent an update, as Telegram describes them.
#[derive(Debug, Clone)]
pub struct Sender {
    pub name: String,
    /// The language of the person's Telegram; the default if the product does not speak it.
    pub lang: Lang,
}

/// A file that is stored at Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteFile {
    pub id: String,
    pub bytes: u32,
    /// Identifies the album that it was sent with.
    pub album: Option<String>,
}

/// What a person did in the chat.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    Text(String),
    /// The new text of a message that was answered before.
    EditedText(String),
    /// A pressed button of the message `message_id`. There is no callback if the bot did not make the
    /// button for this chat.
    CallbackQuery {
        query_id: String,
        message_id: i32,
        callback: Option<CallbackData>,
    },
    /// A contact card; only if it is the sender's own does it prove the number.
    Contact {
        phone: String,
        own: bool,
    },
    /// A location.
    Location {
        location: Coordinates,
        source: LocationSource,
    },
    /// The largest size of a photo, or a picture sent as a file.
    Photo {
        file: RemoteFile,
        caption: Option<String>,
    },
    /// The person has blocked the bot, or unblocked it.
    BotBlocked(bool),
    /// A text, location or contact that somebody else has written and this person forwards: it says
    /// nothing about this person and answers no question.
    Forwarded,
    /// A sticker, an animation or a dice: a mood, not a message.
    Mood,
    /// Anything else: voice messages, videos, documents.
    Unsupported,
}

/// Where a location comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocationSource {
    /// A point, usually where the phone is.
    Pin,
    /// A place with a name, chosen from a list; the phone can be elsewhere.
    Venue,
    /// The beginning of a live location.
    LiveStart,
    /// A move of a live location, or its end.
    LiveMove,
}

/// One update in a private chat.
#[derive(Debug, Clone)]
pub struct IncomingUpdate {
    pub chat: ChatId,
    pub sender: Sender,
    /// The message that was sent or edited; none for buttons and changes of the chat.
    pub message_id: Option<i32>,
    /// When the message was sent or edited, which can be long ago; none for buttons, of which Telegram does
    /// not say it.
    pub sent_at: Option<DateTime<Utc>>,
    pub input: Input,
}

/// Parses an update as Telegram sent it; `None` if it concerns no private chat with a person.
pub fn parse(update: &str, signer: &CallbackSigner) -> Option<IncomingUpdate> {
    from_update(&serde_json::from_str(update).ok()?, signer)
}

/// The number of an update and its chat; updates of one chat are processed in their order.
pub fn identify(update: &str) -> Option<(i64, ChatId)> {
    let update: Update = serde_json::from_str(update).ok()?;
    update.chat().map(|chat| (i64::from(update.id.0), ChatId(chat.id.0)))
}

fn from_update(update: &Update, signer: &CallbackSigner) -> Option<IncomingUpdate> {
    match &update.kind {
        UpdateKind::Message(message) => from_message(message, message_input(message)?),
        // An edit never answers a question. An edited location is a live one, also when its sharing ends and
        // the period is no longer named.
        UpdateKind::EditedMessage(message) => match message_input(message)? {
            Input::Location { location, .. } => {
                let source = LocationSource::LiveMove;
                from_message(message, Input::Location { location, source })
            }
            Input::Text(text) => from_message(message, Input::EditedText(text)),
            _ => None,
        },
        UpdateKind::CallbackQuery(query) => {
            let message = query.message.as_ref()?;
            let chat = message.chat();
            let data = query.data.as_deref().unwrap_or_default();
            let input = Input::CallbackQuery {
                query_id: query.id.0.clone(),
                message_id: message.id().0,
                callback: signer.verify(ChatId(chat.id.0), data),
            };
            chat.is_private().then(|| IncomingUpdate {
                chat: ChatId(chat.id.0),
                sender: sender(&query.from),
                message_id: None,
                sent_at: None,
                input,
            })
        }
        UpdateKind::MyChatMember(change) => from_membership_change(change),
        _ => None,
    }
}

fn from_message(message: &Message, input: Input) -> Option<IncomingUpdate> {
    let from = message.from.as_ref().filter(|from| !from.is_bot)?;
    message.chat.is_private().then(|| IncomingUpdate {
        chat: ChatId(message.chat.id.0),
        sender: sender(from),
        message_id: Some(message.id.0),
        sent_at: Some(message.edit_date().copied().unwrap_or(message.date)),
        input,
    })
}

fn from_membership_change(change: &ChatMemberUpdated) -> Option<IncomingUpdate> {
    change.chat.is_private().then(|| IncomingUpdate {
        chat: ChatId(change.chat.id.0),
        sender: sender(&change.from),
        message_id: None,
        sent_at: Some(change.date),
        input: Input::BotBlocked(change.new_chat_member.is_banned()),
    })
}

fn sender(user: &User) -> Sender {
    let lang = user.language_code.as_deref().and_then(Lang::from_tag).unwrap_or_default();
    Sender { name: user.full_name(), lang }
}

fn message_input(message: &Message) -> Option<Input> {
    let input = own_input(message)?;
    if message.forward_origin().is_none() {
        return Some(input);
    }
    Some(match input {
        Input::Text(_) | Input::Location { .. } | Input::Contact { .. } => Input::Forwarded,
        // The picture is what is asked for, whoever took it; the words below it are somebody else's.
        Input::Photo { file, .. } => Input::Photo { file, caption: None },
        other => other,
    })
}

fn own_input(message: &Message) -> Option<Input> {
    let common = match &message.kind {
        MessageKind::Common(common) => common,
        // Kinds of messages that the library does not know yet.
        MessageKind::Empty {} => return Some(Input::Unsupported),
        MessageKind::Dice(_) => return Some(Input::Mood),
        _ => return None,
    };
    let from = message.from.as_ref()?;
    Some(match &common.media_kind {
        MediaKind::Text(text) => Input::Text(text.text.clone()),
        MediaKind::Contact(media) => Input::Contact {
            phone: media.contact.phone_number.clone(),
            own: media.contact.user_id == Some(from.id),
        },
        MediaKind::Location(media) => {
            let sent = &media.location;
            let live = sent.live_period.is_some();
            let source = if live { LocationSource::LiveStart } else { LocationSource::Pin };
            Coordinates::new(sent.latitude, sent.longitude)
                .map_or(Input::Unsupported, |location| Input::Location { location, source })
        }
        MediaKind::Venue(media) => {
            let sent = &media.venue.location;
            let source = LocationSource::Venue;
            Coordinates::new(sent.latitude, sent.longitude)
                .map_or(Input::Unsupported, |location| Input::Location { location, source })
        }
        MediaKind::Photo(media) => {
            let largest = media.photo.iter().max_by_key(|size| size.width * size.height);
            match largest {
                Some(size) => {
                    let caption = media.caption.as_deref();
                    photo_input(&size.file, media.media_group_id.as_ref(), caption)
                }
                None => Input::Unsupported,
            }
        }
        MediaKind::Document(media) => {
            let is_picture = is_picture(&media.document);
            let file = &media.document.file;
            if is_picture {
                photo_input(file, media.media_group_id.as_ref(), media.caption.as_deref())
            } else {
                Input::Unsupported
            }
        }
        MediaKind::Sticker(_) | MediaKind::Animation(_) => Input::Mood,
        _ => Input::Unsupported,
    })
}

/// Whether a document is meant as a picture: phones do not know the content type of some formats, such as
/// HEIC, and name none or a general one.
fn is_picture(document: &Document) -> bool {
    let named_as = |name: &str| {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        end.is_some_and(|end| PICTURE_ENDINGS.contains(&end.as_str()))
    };
    document.mime_type.as_ref().is_some_and(|mime| mime.type_() == "image")
        || document.file_name.as_deref().is_some_and(named_as)
}

fn photo_input(file: &FileMeta, album: Option<&MediaGroupId>, caption: Option<&str>) -> Input {
    let album = album.map(|album| album.0.clone());
    let file = RemoteFile { id: file.id.0.clone(), bytes: file.size, album };
    Input::Photo { file, caption: caption.map(str::to_owned) }
}
