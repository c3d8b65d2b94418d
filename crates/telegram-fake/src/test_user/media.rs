//! Photos, files, stickers and voice messages.

use super::TestUser;
use crate::state::SentAs;
use crate::types::{Caption, Content, Sticker, Voice};

impl TestUser {
    /// Sends a photo.
    pub fn send_photo(&self, bytes: Vec<u8>, caption: Option<&str>) -> i64 {
        self.send_photo_in(bytes, caption, None)
    }

    /// Sends several photos as an album.
    pub fn send_album(&self, photos: Vec<Vec<u8>>) -> Vec<i64> {
        let album = self.shared.state().next_album_id();
        photos
            .into_iter()
            .map(|bytes| self.send_photo_in(bytes, None, Some(album.clone())))
            .collect()
    }

    /// Begins an album whose photos are sent one by one with [`Self::send_album_photo`].
    pub fn begin_album(&self) -> String {
        self.shared.state().next_album_id()
    }

    /// Sends one photo of an album, as Telegram does: each is a message of its own, and any can have the
    /// caption.
    pub fn send_album_photo(&self, album: &str, bytes: Vec<u8>, caption: Option<&str>) -> i64 {
        self.send_photo_in(bytes, caption, Some(album.to_owned()))
    }

    fn send_photo_in(&self, bytes: Vec<u8>, caption: Option<&str>, album: Option<String>) -> i64 {
        let mut state = self.shared.state();
        let photo = state.files.add_photo(bytes);
        let said = format!("🖼 {}", caption.unwrap_or("foto"));
        let caption = Caption { caption: caption.map(str::to_owned), ..Caption::default() };
        let how = SentAs { album, ..self.how.clone() };
        let id = state.receive_from_user(self.id, said, Content::Photo { photo, caption }, how);
        drop(state);
        self.shared.notify_change();
        id
    }

    /// Sends a file.
    pub fn send_document(&self, bytes: Vec<u8>, name: &str, mime: &str) -> i64 {
        let document =
            self.shared.state().files.add_document(bytes, name.to_owned(), mime.to_owned());
        let content = Content::Document { document, caption: Caption::default() };
        self.send_content(format!("📎 {name}"), content)
    }

    /// Sends a sticker.
    pub fn send_sticker(&self) -> i64 {
        let sticker = Sticker {
            file_id: "sticker".into(),
            file_unique_id: "u-sticker".into(),
            kind: "regular",
            width: 512,
            height: 512,
            is_animated: false,
            is_video: false,
        };
        self.send_content("(stiker)", Content::Sticker { sticker })
    }

    /// Sends a voice message.
    pub fn send_voice(&self) -> i64 {
        let (file_id, file_unique_id) = ("voice".to_owned(), "u-voice".to_owned());
        let voice = Voice { file_id, file_unique_id, duration: 2 };
        self.send_content("(suara)", Content::Voice { voice })
    }
}
