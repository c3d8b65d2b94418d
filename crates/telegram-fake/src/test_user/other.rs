//! Kinds of messages that a bot for work has no use for.

use serde_json::{Value, json};

use super::TestUser;
use crate::types::Content;

/// A kind of message that people send without a reason that the bot knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherKind {
    Video,
    VideoNote,
    Animation,
    Audio,
    Poll,
    Dice,
    /// The animated background of the chat was changed: a service message.
    ChatBackground,
    /// A kind that Telegram has invented since the libraries were written.
    Unknown,
}

impl OtherKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Video,
        Self::VideoNote,
        Self::Animation,
        Self::Audio,
        Self::Poll,
        Self::Dice,
        Self::ChatBackground,
        Self::Unknown,
    ];

    /// The fields of the message, as the Bot API documents them.
    fn fields(self) -> Value {
        let file = |id: &str| (format!("{id}-1"), format!("u-{id}-1"));
        match self {
            Self::Video => {
                let (id, unique) = file("video");
                json!({ "video": { "file_id": id, "file_unique_id": unique, "width": 640,
                    "height": 360, "duration": 9, "mime_type": "video/mp4", "file_size": 90_000 } })
            }
            Self::VideoNote => {
                let (id, unique) = file("note");
                json!({ "video_note": { "file_id": id, "file_unique_id": unique, "length": 240,
                    "duration": 5, "file_size": 50_000 } })
            }
            Self::Animation => {
                let (id, unique) = file("gif");
                // Telegram sends an animation as a document too, for old bots.
                json!({ "animation": { "file_id": id, "file_unique_id": unique, "width": 320,
                        "height": 240, "duration": 2, "mime_type": "video/mp4", "file_size": 9_000 },
                    "document": { "file_id": id, "file_unique_id": unique,
                        "file_name": "gif.mp4", "mime_type": "video/mp4", "file_size": 9_000 } })
            }
            Self::Audio => {
                let (id, unique) = file("audio");
                json!({ "audio": { "file_id": id, "file_unique_id": unique, "duration": 60,
                    "mime_type": "audio/mpeg", "file_size": 70_000 } })
            }
            Self::Poll => json!({ "poll": { "id": "5", "question": "Siapa piket?",
                "options": [{ "persistent_id": "0", "text": "Budi", "voter_count": 0 },
                            { "persistent_id": "1", "text": "Andi", "voter_count": 0 }],
                "total_voter_count": 0, "is_closed": false, "is_anonymous": true, "type": "regular",
                "allows_multiple_answers": false, "allows_revoting": true } }),
            Self::Dice => json!({ "dice": { "emoji": "🎲", "value": 4 } }),
            Self::ChatBackground => json!({ "chat_background_set": { "type": {
                "type": "chat_theme", "theme_name": "🏠" } } }),
            Self::Unknown => json!({ "hologram": { "file_id": "hologram-1", "depth": 3 } }),
        }
    }
}

impl TestUser {
    /// Sends a message of this kind.
    pub fn send_other(&self, kind: OtherKind) -> i64 {
        self.send_content(format!("({kind:?})"), Content::Other(kind.fields()))
    }
}
