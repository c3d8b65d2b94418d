//! The methods of the Bot API.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::chat::{Author, Line, Shown, inline, render, reply_keyboard};
use crate::html;
use crate::state::{State, Webhook};

/// The bot's own number.
pub(crate) const BOT_ID: i64 = 700_000;
/// The bot's user name.
pub const BOT_NAME: &str = "isp_uji_bot";

/// The longest text of a message, in characters.
const MAX_TEXT: usize = 4_096;
const MAX_CAPTION: usize = 1_024;

/// What came with a request.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub values: HashMap<String, Value>,
    pub files: HashMap<String, Vec<u8>>,
}

/// An answer that is no success.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub code: u16,
    pub description: String,
    pub retry_after: Option<u64>,
}

fn bad(description: impl Into<String>) -> Refusal {
    let description = format!("Bad Request: {}", description.into());
    Refusal { code: 400, description, retry_after: None }
}

fn forbidden(why: &str) -> Refusal {
    Refusal { code: 403, description: format!("Forbidden: {why}"), retry_after: None }
}

impl Arguments {
    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        let value = self.values.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    /// A value that may come as JSON or as a text that holds JSON.
    pub fn json(&self, name: &str) -> Value {
        match self.values.get(name) {
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
            Some(value) => value.clone(),
            None => Value::Null,
        }
    }
}

type Answer = Result<Value, Refusal>;

/// Answers everything but `getUpdates`. Names are in lower case.
pub(crate) fn call(state: &mut State, method: &str, arguments: &Arguments) -> Answer {
    match method {
        "getme" => Ok(json!({
            "id": BOT_ID, "is_bot": true, "first_name": "ISP", "username": BOT_NAME,
            "can_join_groups": false, "can_read_all_group_messages": false,
            "supports_inline_queries": false, "can_connect_to_business": false,
            "has_main_web_app": false, "has_topics_enabled": false,
        })),
        "sendmessage" => send(state, arguments, Kind::Text),
        "sendphoto" => send(state, arguments, Kind::Photo),
        "senddocument" => send(state, arguments, Kind::Document),
        "sendlocation" | "sendvenue" => send(state, arguments, Kind::Place),
        "sendmediagroup" => album(state, arguments),
        "editmessagetext" => edit(state, arguments, "text"),
        "editmessagecaption" => edit(state, arguments, "caption"),
        "editmessagereplymarkup" => edit(state, arguments, ""),
        "deletemessage" => delete(state, arguments),
        "answercallbackquery" => answer_query(state, arguments),
        "getfile" => get_file(state, arguments),
        "getchat" => chat_id(state, arguments).map(|id| {
            let mut chat = state.private(id);
            chat["accent_color_id"] = json!(0);
            chat["max_reaction_count"] = json!(11);
            chat
        }),
        "sendchataction" => chat_id(state, arguments).map(|_| json!(true)),
        "setwebhook" => {
            let secret = arguments.text("secret_token");
            let url = arguments.text("url").filter(|url| !url.is_empty());
            state.webhook = url.map(|url| Webhook { url, secret });
            Ok(json!(true))
        }
        "deletewebhook" => {
            state.webhook = None;
            Ok(json!(true))
        }
        "getwebhookinfo" => Ok(json!({
            "url": state.webhook.as_ref().map(|hook| hook.url.clone()).unwrap_or_default(),
            "has_custom_certificate": false,
            "pending_update_count": state.updates.len(),
        })),
        "setmycommands" => {
            let commands = arguments.json("commands");
            let text = |value: &Value, name: &str| value[name].as_str().unwrap_or("").to_owned();
            let list = commands.as_array().into_iter().flatten();
            state.commands = list.map(|c| (text(c, "command"), text(c, "description"))).collect();
            Ok(json!(true))
        }
        "getmycommands" => {
            let command = |(command, description): &(String, String)| json!({ "command": command, "description": description });
            Ok(state.commands.iter().map(command).collect())
        }
        "deletemycommands"
        | "setmydescription"
        | "setmyshortdescription"
        | "setmyname"
        | "setchatmenubutton"
        | "logout"
        | "close" => Ok(json!(true)),
        _ => Err(Refusal {
            code: 404,
            description: "Not Found: method not found".into(),
            retry_after: None,
        }),
    }
}

fn chat_id(state: &State, arguments: &Arguments) -> Result<i64, Refusal> {
    let id = arguments.number("chat_id").ok_or_else(|| bad("chat_id is empty"))?;
    match state.chats.get(&id) {
        None => Err(bad("chat not found")),
        Some(chat) if chat.blocked => Err(forbidden("bot was blocked by the user")),
        Some(chat) if !chat.started => {
            Err(forbidden("bot can't initiate conversation with a user"))
        }
        Some(_) => Ok(id),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Photo,
    Document,
    Place,
}

fn words(arguments: &Arguments, name: &str, longest: usize) -> Result<String, Refusal> {
    let raw = arguments.text(name).unwrap_or_default();
    let is_html =
        arguments.text("parse_mode").is_some_and(|mode| mode.eq_ignore_ascii_case("html"));
    let text = if is_html { html::plain(&raw).map_err(bad)? } else { raw };
    if text.encode_utf16().count() > longest {
        return Err(bad(if longest == MAX_TEXT {
            "message is too long"
        } else {
            "message caption is too long"
        }));
    }
    Ok(text)
}

fn send(state: &mut State, arguments: &Arguments, kind: Kind) -> Answer {
    let id = chat_id(state, arguments)?;
    if let Some(wait) = state.limits.as_mut().and_then(|limits| limits.count(id)) {
        let description = format!("Too Many Requests: retry after {wait}");
        return Err(Refusal { code: 429, description, retry_after: Some(wait) });
    }
    let text = match kind {
        Kind::Text => {
            let text = words(arguments, "text", MAX_TEXT)?;
            if text.trim().is_empty() {
                return Err(bad("message text is empty"));
            }
            text
        }
        Kind::Photo | Kind::Document => words(arguments, "caption", MAX_CAPTION)?,
        Kind::Place => {
            let at = |name| arguments.text(name).unwrap_or_default();
            format!("📍 {}, {}", at("latitude"), at("longitude"))
        }
    };
    if kind == Kind::Photo && arguments.text("photo").is_none() && arguments.files.is_empty() {
        return Err(bad("there is no photo in the request"));
    }
    let markup = arguments.json("reply_markup");
    let buttons = inline(&markup).map_err(bad)?;
    let message_id = state.message_id();
    let shown = Shown {
        id: message_id,
        author: Author::Bot,
        text: text.clone(),
        buttons,
        has_picture: kind == Kind::Photo,
        edits: 0,
        deleted: false,
    };
    let chat = state.chat(id);
    if let Some(keyboard) = reply_keyboard(&markup) {
        chat.keyboard = keyboard;
    }
    let keyboard_hint = match reply_keyboard(&markup) {
        Some(rows) if !rows.is_empty() => {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| row.iter().map(|l| format!("⌨[{l}]")).collect::<Vec<_>>().join(" "))
                .collect();
            format!("\n{}", rows.join("\n"))
        }
        _ => String::new(),
    };
    chat.story.push(Line::Bot(format!("{}{keyboard_hint}", render(&shown))));
    chat.messages.push(shown);
    Ok(as_message(state, id, message_id, kind, &text))
}

fn as_message(state: &State, chat: i64, message_id: i64, kind: Kind, text: &str) -> Value {
    let mut message = json!({
        "message_id": message_id,
        "date": chrono::Utc::now().timestamp(),
        "chat": state.private(chat),
        "from": { "id": BOT_ID, "is_bot": true, "first_name": "ISP", "username": BOT_NAME },
    });
    match kind {
        Kind::Text => message["text"] = json!(text),
        Kind::Photo => {
            message["caption"] = json!(text);
            message["photo"] = json!([{
                "file_id": format!("sent-{message_id}"), "file_unique_id": format!("u{message_id}"),
                "width": 640, "height": 480, "file_size": 1000,
            }]);
        }
        Kind::Document => {
            message["document"] = json!({
                "file_id": format!("sent-{message_id}"), "file_unique_id": format!("u{message_id}"),
            });
        }
        Kind::Place => message["location"] = json!({ "latitude": 0.0, "longitude": 0.0 }),
    }
    message
}

fn album(state: &mut State, arguments: &Arguments) -> Answer {
    let id = chat_id(state, arguments)?;
    let media = arguments.json("media");
    let list: Vec<Value> = media.as_array().cloned().unwrap_or_default();
    if !(2..=10).contains(&list.len()) {
        return Err(bad("wrong number of messages in the album"));
    }
    let mut sent = Vec::new();
    for item in &list {
        let text = item["caption"].as_str().unwrap_or_default().to_owned();
        let message_id = state.message_id();
        let shown = Shown {
            id: message_id,
            author: Author::Bot,
            text: text.clone(),
            buttons: Vec::new(),
            has_picture: true,
            edits: 0,
            deleted: false,
        };
        let chat = state.chat(id);
        chat.story.push(Line::Bot(render(&shown)));
        chat.messages.push(shown);
        sent.push(as_message(state, id, message_id, Kind::Photo, &text));
    }
    Ok(Value::Array(sent))
}

fn edit(state: &mut State, arguments: &Arguments, field: &str) -> Answer {
    let id = chat_id(state, arguments)?;
    let wanted =
        arguments.number("message_id").ok_or_else(|| bad("message identifier is not specified"))?;
    let buttons = inline(&arguments.json("reply_markup")).map_err(bad)?;
    let text = match field {
        "text" => Some(words(arguments, "text", MAX_TEXT)?),
        "caption" => Some(words(arguments, "caption", MAX_CAPTION)?),
        _ => None,
    };
    let chat = state.chat(id);
    let found = chat
        .messages
        .iter_mut()
        .find(|message| message.id == wanted && message.author == Author::Bot && !message.deleted);
    let Some(message) = found else { return Err(bad("message to edit not found")) };
    let text = text.unwrap_or_else(|| message.text.clone());
    if message.text == text && message.buttons == buttons {
        return Err(bad(
            "message is not modified: specified new message content and reply markup are exactly \
             the same as a current content and reply markup of the message",
        ));
    }
    message.text.clone_from(&text);
    message.buttons = buttons;
    message.edits += 1;
    let now = render(message);
    let kind = if message.has_picture { Kind::Photo } else { Kind::Text };
    chat.story.push(Line::Edited(now));
    let mut answer = as_message(state, id, wanted, kind, &text);
    answer["edit_date"] = json!(chrono::Utc::now().timestamp());
    Ok(answer)
}

fn delete(state: &mut State, arguments: &Arguments) -> Answer {
    let id = chat_id(state, arguments)?;
    let wanted = arguments.number("message_id").unwrap_or_default();
    let found = state.chat(id).messages.iter_mut().find(|m| m.id == wanted && !m.deleted);
    match found {
        Some(message) => {
            message.deleted = true;
            Ok(json!(true))
        }
        None => Err(bad("message to delete not found")),
    }
}

fn answer_query(state: &mut State, arguments: &Arguments) -> Answer {
    let id = arguments.text("callback_query_id").unwrap_or_default();
    let Some(chat) = state.queries.remove(&id) else {
        return Err(bad("query is too old and response timeout expired or query ID is invalid"));
    };
    if let Some(text) = arguments.text("text").filter(|text| !text.is_empty()) {
        if text.chars().count() > 200 {
            return Err(bad("MESSAGE_TOO_LONG"));
        }
        let chat = state.chat(chat);
        chat.story.push(Line::Toast(text.clone()));
        chat.toasts.push(text);
    }
    Ok(json!(true))
}

fn get_file(state: &mut State, arguments: &Arguments) -> Answer {
    let id = arguments.text("file_id").unwrap_or_default();
    let Some(bytes) = state.files.get(&id) else { return Err(bad("invalid file_id")) };
    if bytes.len() > 20 * 1024 * 1024 {
        return Err(bad("file is too big"));
    }
    Ok(json!({
        "file_id": id, "file_unique_id": format!("u-{id}"),
        "file_size": bytes.len(), "file_path": format!("photos/{id}.jpg"),
    }))
}
