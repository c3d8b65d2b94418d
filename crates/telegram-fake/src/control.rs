//! Playing people by hand or from another program: `/control/…`, and a page that uses it.

use std::sync::Arc;

use actix_web::web::{self, Bytes, Data, Json, Path, Query};
use actix_web::{HttpResponse, Responder};
use serde::{Deserialize, Serialize};

use crate::chat::{Author, Button, Chat};
use crate::failures::Failure;
use crate::person::Person;
use crate::telegram::Core;

/// Registers the routes.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(page))
        .route("/control/people", web::get().to(people))
        .route("/control/people", web::post().to(meet))
        .route("/control/people/{id}", web::get().to(chat))
        .route("/control/people/{id}", web::post().to(act))
        .route("/control/people/{id}/photo", web::post().to(photo))
        .route("/control/fail", web::post().to(fail));
}

async fn page() -> impl Responder {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(include_str!("../page/index.html"))
}

#[derive(Serialize, Deserialize)]
struct Known {
    id: i64,
    name: String,
}

async fn people(core: Data<Core>) -> impl Responder {
    let state = core.state();
    let mut list: Vec<Known> =
        state.names.iter().map(|(id, name)| Known { id: *id, name: name.clone() }).collect();
    list.sort_by_key(|known| known.id);
    Json(list)
}

async fn meet(core: Data<Core>, known: Json<Known>) -> impl Responder {
    let mut state = core.state();
    state.names.insert(known.id, known.name.clone());
    state.chat(known.id);
    HttpResponse::NoContent()
}

/// A chat as the page and other programs read it.
#[derive(Serialize)]
struct ChatView {
    messages: Vec<MessageView>,
    keyboard: Vec<Vec<String>>,
    toasts: Vec<String>,
}

#[derive(Serialize)]
struct MessageView {
    id: i64,
    from_bot: bool,
    text: String,
    picture: bool,
    edits: u32,
    buttons: Vec<Vec<ButtonView>>,
}

#[derive(Serialize)]
struct ButtonView {
    label: String,
    url: Option<String>,
}

impl From<Chat> for ChatView {
    fn from(chat: Chat) -> Self {
        let button = |button: Button| ButtonView { label: button.label, url: button.url };
        let messages = chat.messages.into_iter().filter(|message| !message.deleted);
        let message = |message: crate::chat::Shown| MessageView {
            id: message.id,
            from_bot: message.author == Author::Bot,
            text: message.text,
            picture: message.has_picture,
            edits: message.edits,
            buttons: message
                .buttons
                .into_iter()
                .map(|row| row.into_iter().map(button).collect())
                .collect(),
        };
        Self {
            messages: messages.map(message).collect(),
            keyboard: chat.keyboard,
            toasts: chat.toasts,
        }
    }
}

async fn chat(core: Data<Core>, id: Path<i64>) -> impl Responder {
    let chat = core.state().chats.get(&id).cloned().unwrap_or_default();
    Json(ChatView::from(chat))
}

/// What a person does.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Act {
    Send { text: String },
    Tap { message_id: i64, label: String },
    Contact { phone: String, own: bool },
    Location { latitude: f64, longitude: f64 },
    Block,
    Unblock,
}

async fn act(core: Data<Core>, id: Path<i64>, act: Json<Act>) -> impl Responder {
    let person = Person::new(core.into_inner(), *id);
    match act.into_inner() {
        Act::Send { text } => person.send(&text),
        Act::Tap { message_id, label } => {
            let chat = person.chat();
            let button = chat.message(message_id).and_then(|message| {
                message.buttons.iter().flatten().find(|button| button.label == label)
            });
            match button.and_then(|button| button.data.clone()) {
                Some(_) => person.tap_on(message_id, &label),
                None => return HttpResponse::NotFound(),
            }
        }
        Act::Contact { phone, own: true } => person.share_contact(&phone),
        Act::Contact { phone, own: false } => person.share_contact_of(None, &phone),
        Act::Location { latitude, longitude } => person.share_location(latitude, longitude),
        Act::Block => person.block_bot(),
        Act::Unblock => person.unblock_bot(),
    };
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
struct Caption {
    caption: Option<String>,
}

async fn photo(
    core: Data<Core>,
    id: Path<i64>,
    caption: Query<Caption>,
    bytes: Bytes,
) -> impl Responder {
    let core: Arc<Core> = core.into_inner();
    Person::new(core, *id).send_photo(bytes.to_vec(), caption.caption.as_deref());
    HttpResponse::NoContent()
}

/// The next request of a method fails.
#[derive(Deserialize)]
struct Fail {
    method: Option<String>,
    how: How,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Status(u16),
    RetryAfter(u64),
    Reset,
    AnswerLost,
}

async fn fail(core: Data<Core>, fail: Json<Fail>) -> impl Responder {
    let failure = match fail.how {
        How::Status(status) => Failure::Status(status),
        How::RetryAfter(retry_after) => Failure::TooManyRequests { retry_after },
        How::Reset => Failure::Reset,
        How::AnswerLost => Failure::AnswerLost,
    };
    core.state().failures.next(fail.method.as_deref(), failure, 1);
    HttpResponse::NoContent()
}
