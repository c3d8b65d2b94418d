//! From Telegram's update to what a person did.

use serde::{Deserialize, Serialize};
use shared::{ChatId, Coordinates};
use teloxide::types::{
    ChatMemberUpdated, FileMeta, MediaGroupId, MediaKind, Message, MessageKind, Update, UpdateKind,
    User,
};

/// Who speaks, as Telegram names them.
#[derive(Debug, Clone)]
pub struct Sender {
    pub name: String,
}

/// A file that lies at Telegram.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteFile {
    pub id: String,
    pub bytes: u32,
    /// Names the album that it was sent with.
    pub album: Option<String>,
}

/// What a person did in the chat.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    Text(String),
    /// A button below a message; `message_id` is that message.
    CallbackQuery {
        query_id: String,
        message_id: i32,
        data: String,
    },
    /// `own` if the card is that of the sender: only then is the number proven.
    Contact {
        phone: String,
        own: bool,
    },
    /// A point on the map; `live` if it moves with the phone.
    Location {
        location: Coordinates,
        live: bool,
    },
    /// The largest size of a photo, or a picture sent as a file.
    Photo {
        file: RemoteFile,
        caption: Option<String>,
    },
    /// The person has stopped the bot, or lets it speak again.
    BotBlocked(bool),
    /// Anything that the bot has no use for: stickers, voice, documents.
    Unsupported,
}

/// One update, as far as the bot cares.
#[derive(Debug, Clone)]
pub struct IncomingUpdate {
    pub chat: ChatId,
    pub sender: Sender,
    pub input: Input,
}

/// Reads an update as Telegram sent it; `None` for what concerns no private chat with a person.
pub fn parse(update: &str) -> Option<IncomingUpdate> {
    from_update(&serde_json::from_str(update).ok()?)
}

/// The number of an update and its chat: updates of one chat are handled in their order.
pub fn identify(update: &str) -> Option<(i64, ChatId)> {
    let update: Update = serde_json::from_str(update).ok()?;
    update.chat().map(|chat| (i64::from(update.id.0), ChatId(chat.id.0)))
}

fn from_update(update: &Update) -> Option<IncomingUpdate> {
    match &update.kind {
        UpdateKind::Message(message) => from_message(message, message_input(message)?),
        // Of edits only a moving place matters; a corrected text was answered already.
        UpdateKind::EditedMessage(message) => match message_input(message)? {
            place @ Input::Location { .. } => from_message(message, place),
            _ => None,
        },
        UpdateKind::CallbackQuery(query) => {
            let message = query.message.as_ref()?;
            let chat = message.chat();
            let input = Input::CallbackQuery {
                query_id: query.id.0.clone(),
                message_id: message.id().0,
                data: query.data.clone().unwrap_or_default(),
            };
            chat.is_private().then(|| IncomingUpdate {
                chat: ChatId(chat.id.0),
                sender: sender(&query.from),
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
        input,
    })
}

fn from_membership_change(change: &ChatMemberUpdated) -> Option<IncomingUpdate> {
    change.chat.is_private().then(|| IncomingUpdate {
        chat: ChatId(change.chat.id.0),
        sender: sender(&change.from),
        input: Input::BotBlocked(change.new_chat_member.is_banned()),
    })
}

fn sender(user: &User) -> Sender {
    Sender { name: user.full_name() }
}

fn message_input(message: &Message) -> Option<Input> {
    let common = match &message.kind {
        MessageKind::Common(common) => common,
        // What the library does not know, a kind of message that is newer than it among them.
        MessageKind::Empty {} => return Some(Input::Unsupported),
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
            let place = &media.location;
            match Coordinates::new(place.latitude, place.longitude) {
                Some(at) => Input::Location { location: at, live: place.live_period.is_some() },
                None => Input::Unsupported,
            }
        }
        MediaKind::Venue(media) => {
            let place = &media.venue.location;
            Coordinates::new(place.latitude, place.longitude)
                .map_or(Input::Unsupported, |at| Input::Location { location: at, live: false })
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
            let is_picture =
                media.document.mime_type.as_ref().is_some_and(|mime| mime.type_() == "image");
            let file = &media.document.file;
            if is_picture {
                photo_input(file, media.media_group_id.as_ref(), media.caption.as_deref())
            } else {
                Input::Unsupported
            }
        }
        _ => Input::Unsupported,
    })
}

fn photo_input(file: &FileMeta, album: Option<&MediaGroupId>, caption: Option<&str>) -> Input {
    let album = album.map(|album| album.0.clone());
    let file = RemoteFile { id: file.id.0.clone(), bytes: file.size, album };
    Input::Photo { file, caption: caption.map(str::to_owned) }
}
