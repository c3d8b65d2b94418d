//! People, and what they do.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::web::{Bytes, Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use super::view::ChatView;
use crate::arguments::Arguments;
use crate::http::refused;
use crate::person::Person;
use crate::refusal::Refusal;
use crate::telegram::Core;

/// The longest that a request waits for something new.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

#[derive(Serialize, Deserialize)]
pub(super) struct Known {
    id: i64,
    name: String,
}

pub(super) async fn list(core: Data<Core>) -> impl Responder {
    let state = core.state();
    let mut list: Vec<Known> =
        state.names.iter().map(|(id, name)| Known { id: *id, name: name.clone() }).collect();
    list.sort_by_key(|known| known.id);
    Json(list)
}

pub(super) async fn meet(core: Data<Core>, known: Json<Known>) -> impl Responder {
    core.meet(known.id, &known.name);
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct Seen {
    after: Option<u64>,
}

/// The chat; with `after`, once something has changed since then.
pub(super) async fn chat(core: Data<Core>, id: Path<i64>, seen: Query<Seen>) -> impl Responder {
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        let bell = core.bell();
        let changes = core.changes();
        let is_new = seen.after.is_none_or(|after| changes != after);
        if is_new || timeout_at(deadline, bell).await.is_err() {
            let chat = core.state().chats.get(&id).cloned().unwrap_or_default();
            return Json(ChatView::new(chat, changes));
        }
    }
}

pub(super) async fn transcript(core: Data<Core>, id: Path<i64>) -> impl Responder {
    Person::new(core.into_inner(), *id).transcript()
}

/// What a person does.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum Act {
    Send { text: String },
    Tap { message_id: i64, label: String },
    Press { message_id: i64, data: String },
    Contact { phone: String, own: bool },
    Location { latitude: f64, longitude: f64 },
    LiveLocation { latitude: f64, longitude: f64 },
    Move { latitude: f64, longitude: f64 },
    Sticker,
    Voice,
    Block,
    Unblock,
}

/// The update that an act made.
#[derive(Serialize)]
struct Told {
    update_ids: Vec<i64>,
}

fn told(update_ids: Vec<i64>) -> HttpResponse {
    HttpResponse::Ok().json(Told { update_ids })
}

pub(super) async fn act(core: Data<Core>, id: Path<i64>, act: Json<Act>) -> impl Responder {
    let person = Person::new(core.into_inner(), *id);
    told(vec![match act.into_inner() {
        Act::Send { text } => person.send(&text),
        Act::Tap { message_id, label } => {
            let chat = person.chat();
            let buttons = chat.message(message_id).map(|it| it.buttons.iter().flatten());
            let button = buttons.and_then(|mut all| all.find(|button| button.label == label));
            match button.and_then(|button| button.data.as_ref()) {
                Some(_) => person.tap_on(message_id, &label),
                None => return HttpResponse::NotFound().finish(),
            }
        }
        Act::Press { message_id, data } => person.press(message_id, &data),
        Act::Contact { phone, own: true } => person.share_contact(&phone),
        Act::Contact { phone, own: false } => person.share_contact_of(None, &phone),
        Act::Location { latitude, longitude } => person.share_location(latitude, longitude),
        Act::LiveLocation { latitude, longitude } => {
            person.share_live_location(latitude, longitude)
        }
        Act::Move { latitude, longitude } => {
            if !person.shares_place() {
                return HttpResponse::NotFound().finish();
            }
            person.move_live_location(latitude, longitude)
        }
        Act::Sticker => person.send_sticker(),
        Act::Voice => person.send_voice(),
        Act::Block => person.block_bot(),
        Act::Unblock => person.unblock_bot(),
    }])
}

#[derive(Deserialize)]
pub(super) struct Described {
    caption: Option<String>,
    #[serde(default = "unnamed")]
    name: String,
    #[serde(default = "unknown")]
    mime: String,
}

fn unnamed() -> String {
    "berkas.bin".into()
}

fn unknown() -> String {
    "application/octet-stream".into()
}

pub(super) async fn photo(
    core: Data<Core>,
    id: Path<i64>,
    described: Query<Described>,
    bytes: Bytes,
) -> impl Responder {
    let person = Person::new(core.into_inner(), *id);
    told(vec![person.send_photo(bytes.to_vec(), described.caption.as_deref())])
}

/// Photos that come as files of one form, in the order of their names.
pub(super) async fn album(
    core: Data<Core>,
    id: Path<i64>,
    request: HttpRequest,
    bytes: Bytes,
) -> impl Responder {
    let Ok(arguments) = Arguments::read(&HashMap::new(), &request, bytes).await else {
        return refused(&Refusal::bad("can't parse the multipart form"));
    };
    let mut files: Vec<_> = arguments.files.into_iter().collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    let photos = files.into_iter().map(|(_, upload)| upload.bytes.to_vec()).collect();
    told(Person::new(core.into_inner(), *id).send_album(photos))
}

pub(super) async fn document(
    core: Data<Core>,
    id: Path<i64>,
    described: Query<Described>,
    bytes: Bytes,
) -> impl Responder {
    let person = Person::new(core.into_inner(), *id);
    told(vec![person.send_document(bytes.to_vec(), &described.name, &described.mime)])
}
