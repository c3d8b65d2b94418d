//! A person with a phone.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chat::{Chat, Line};
use crate::methods::{BOT_ID, BOT_NAME};
use crate::state::merge;
use crate::telegram::Core;

/// Longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who chats with the bot. What a method does is one update; it gives its number.
#[derive(Clone)]
pub struct Person {
    core: Arc<Core>,
    id: i64,
}

impl Person {
    pub(crate) fn new(core: Arc<Core>, id: i64) -> Self {
        Self { core, id }
    }

    /// The number of the person and of the chat.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Opens the chat without saying anything: from then on the bot may write there.
    pub fn open_chat(&self) {
        self.core.state().chat(self.id).started = true;
    }

    fn does(&self, said: impl Into<String>, content: Value) -> i64 {
        let id = self.core.state().person_sends(self.id, said.into(), content);
        self.core.changed();
        id
    }

    /// Types a text.
    pub fn send(&self, text: &str) -> i64 {
        let mut content = json!({ "text": text });
        if text.starts_with('/') {
            let length = text.split_whitespace().next().unwrap_or_default().encode_utf16().count();
            content["entities"] = json!([{ "type": "bot_command", "offset": 0, "length": length }]);
        }
        self.does(text, content)
    }

    /// Taps the newest button whose label contains `label`.
    ///
    /// # Panics
    /// There is none.
    pub fn tap(&self, label: &str) -> i64 {
        let chat = self.chat();
        if let Some((message, button)) = chat.button(label) {
            let data = button.data.clone().unwrap_or_else(|| panic!("[{label}] opens a page"));
            return self.pressed(message.id, &data, &button.label);
        }
        let typed = chat.keyboard.iter().flatten().find(|offered| offered.contains(label));
        match typed {
            Some(offered) => self.send(offered),
            None => panic!("there is no button [{label}]\n{}", chat.transcript()),
        }
    }

    /// Taps a button of one message.
    ///
    /// # Panics
    /// There is none.
    pub fn tap_on(&self, message_id: i64, label: &str) -> i64 {
        let chat = self.chat();
        let message = chat.message(message_id);
        let button =
            message.and_then(|m| m.buttons.iter().flatten().find(|b| b.label.contains(label)));
        match button {
            Some(button) => {
                self.pressed(message_id, button.data.as_deref().unwrap_or_default(), &button.label)
            }
            None => panic!("there is no button [{label}]\n{}", chat.transcript()),
        }
    }

    /// Sends `data` as if a button of that message had been pressed, whether there is one or not.
    pub fn press(&self, message_id: i64, data: &str) -> i64 {
        self.pressed(message_id, data, "…")
    }

    fn pressed(&self, message_id: i64, data: &str, label: &str) -> i64 {
        let mut state = self.core.state();
        let query = format!("q{}-{message_id}-{}", self.id, state.told.len());
        state.queries.insert(query.clone(), self.id);
        let text = state.chat(self.id).message(message_id).map(|m| m.text.clone());
        state.chat(self.id).story.push(Line::Person(format!("▸ {label}")));
        let content = json!({
            "id": query,
            "from": state.user(self.id),
            "chat_instance": format!("{}", self.id),
            "data": data,
            "message": {
                "message_id": message_id,
                "date": chrono::Utc::now().timestamp(),
                "chat": state.private(self.id),
                "from": { "id": BOT_ID, "is_bot": true, "first_name": "ISP", "username": BOT_NAME },
                "text": text.unwrap_or_default(),
            },
        });
        let id = state.tell("callback_query", content);
        drop(state);
        self.core.changed();
        id
    }

    /// Shares the own phone number by the button.
    pub fn share_contact(&self, phone: &str) -> i64 {
        self.contact(phone, Some(self.id))
    }

    /// Sends the card of somebody else, who may have no Telegram.
    pub fn share_contact_of(&self, other: Option<i64>, phone: &str) -> i64 {
        self.contact(phone, other)
    }

    fn contact(&self, phone: &str, user: Option<i64>) -> i64 {
        let mut contact = json!({ "phone_number": phone, "first_name": "Kontak" });
        if let Some(user) = user {
            contact["user_id"] = json!(user);
        }
        self.does(format!("👤 {phone}"), json!({ "contact": contact }))
    }

    /// Sends a point on the map.
    pub fn share_location(&self, latitude: f64, longitude: f64) -> i64 {
        let place = json!({ "latitude": latitude, "longitude": longitude });
        self.does(format!("📍 {latitude}, {longitude}"), json!({ "location": place }))
    }

    /// Shares the place while the phone moves.
    pub fn share_live_location(&self, latitude: f64, longitude: f64) -> i64 {
        let place = json!({ "latitude": latitude, "longitude": longitude, "live_period": 3600 });
        self.does("📍 (langsung)", json!({ "location": place }))
    }

    /// The phone has moved.
    pub fn move_live_location(&self, latitude: f64, longitude: f64) -> i64 {
        let mut state = self.core.state();
        let place = json!({ "latitude": latitude, "longitude": longitude, "live_period": 3600 });
        let now = chrono::Utc::now().timestamp();
        let mut message = json!({
            "message_id": 1, "date": now, "edit_date": now,
            "from": state.user(self.id), "chat": state.private(self.id),
        });
        merge(&mut message, json!({ "location": place }));
        let id = state.tell("edited_message", message);
        drop(state);
        self.core.changed();
        id
    }

    /// Sends a photo.
    pub fn send_photo(&self, bytes: Vec<u8>, caption: Option<&str>) -> i64 {
        let content = self.photo(bytes, caption, None);
        self.does(format!("🖼 {}", caption.unwrap_or("foto")), content)
    }

    /// Sends several photos at once.
    pub fn send_album(&self, photos: Vec<Vec<u8>>) -> Vec<i64> {
        let group = format!("album-{}", self.core.state().told.len());
        let one = |bytes| {
            let content = self.photo(bytes, None, Some(&group));
            self.does("🖼 foto", content)
        };
        photos.into_iter().map(one).collect()
    }

    fn photo(&self, bytes: Vec<u8>, caption: Option<&str>, group: Option<&str>) -> Value {
        let size = bytes.len();
        let id = self.core.state().keep_file(bytes);
        let shape = |id: &str, width: u32, height: u32, size: usize| {
            json!({ "file_id": id, "file_unique_id": format!("u-{id}"), "width": width,
                    "height": height, "file_size": size })
        };
        let mut content =
            json!({ "photo": [shape("small", 90, 67, 900), shape(&id, 1280, 960, size)] });
        if let Some(caption) = caption {
            content["caption"] = json!(caption);
        }
        if let Some(group) = group {
            content["media_group_id"] = json!(group);
        }
        content
    }

    /// Sends a file.
    pub fn send_document(&self, bytes: Vec<u8>, name: &str, mime: &str) -> i64 {
        let size = bytes.len();
        let id = self.core.state().keep_file(bytes);
        let document = json!({ "file_id": id, "file_unique_id": format!("u-{id}"),
            "file_name": name, "mime_type": mime, "file_size": size });
        self.does(format!("📎 {name}"), json!({ "document": document }))
    }

    /// Sends a sticker.
    pub fn send_sticker(&self) -> i64 {
        let sticker = json!({ "file_id": "sticker", "file_unique_id": "u-sticker", "width": 512,
            "height": 512, "is_animated": false, "is_video": false, "type": "regular" });
        self.does("(stiker)", json!({ "sticker": sticker }))
    }

    /// Sends a voice message.
    pub fn send_voice(&self) -> i64 {
        let voice = json!({ "file_id": "voice", "file_unique_id": "u-voice", "duration": 2 });
        self.does("(suara)", json!({ "voice": voice }))
    }

    /// Stops the bot.
    pub fn block_bot(&self) -> i64 {
        self.member(true)
    }

    /// Lets the bot speak again.
    pub fn unblock_bot(&self) -> i64 {
        self.member(false)
    }

    fn member(&self, blocked: bool) -> i64 {
        let mut state = self.core.state();
        state.chat(self.id).blocked = blocked;
        let bot =
            json!({ "id": BOT_ID, "is_bot": true, "first_name": "ISP", "username": BOT_NAME });
        let status = |gone: bool| {
            if gone {
                json!({ "user": bot, "status": "kicked", "until_date": 0 })
            } else {
                json!({ "user": bot, "status": "member" })
            }
        };
        let content = json!({
            "chat": state.private(self.id),
            "from": state.user(self.id),
            "date": chrono::Utc::now().timestamp(),
            "old_chat_member": status(!blocked),
            "new_chat_member": status(blocked),
        });
        let id = state.tell("my_chat_member", content);
        drop(state);
        self.core.changed();
        id
    }

    /// The chat as the phone shows it now.
    pub fn chat(&self) -> Chat {
        self.core.state().chats.get(&self.id).cloned().unwrap_or_default()
    }

    /// The chat as a text that a snapshot can hold.
    pub fn transcript(&self) -> String {
        self.chat().transcript()
    }

    /// Waits until `look` finds what it looks for.
    ///
    /// # Panics
    /// It does not come within twenty seconds.
    pub async fn wait_for<T>(&self, what: &str, look: impl Fn(&Chat) -> Option<T>) -> T {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let bell = self.core.bell.notified();
            let chat = self.chat();
            if let Some(found) = look(&chat) {
                return found;
            }
            // The bell may have rung between the look and the wait.
            let soon = tokio::time::Instant::now() + Duration::from_millis(100);
            let _ = tokio::time::timeout_at(soon.min(deadline), bell).await;
            assert!(
                tokio::time::Instant::now() < deadline,
                "never came: {what}\n{}",
                self.chat().transcript()
            );
        }
    }

    /// Waits until a message of the bot shows the text.
    ///
    /// # Panics
    /// It does not come within twenty seconds.
    pub async fn expect(&self, text: &str) {
        self.wait_for(text, |chat| chat.find(text).map(|_| ())).await;
    }

    /// Waits until a word over the chat contains the text.
    ///
    /// # Panics
    /// It does not come within twenty seconds.
    pub async fn expect_toast(&self, text: &str) {
        let found =
            |chat: &Chat| chat.toasts.iter().any(|toast| toast.contains(text)).then_some(());
        self.wait_for(text, found).await;
    }

    /// Waits until there is a button whose label contains `label`.
    ///
    /// # Panics
    /// It does not come within twenty seconds.
    pub async fn expect_button(&self, label: &str) {
        self.wait_for(label, |chat| chat.button(label).map(|_| ())).await;
    }
}
