//! Control API: users and their actions.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::web::{Bytes, Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use super::view::ChatView;
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::http::error_response;
use crate::telegram::SharedState;
use crate::test_user::TestUser;

/// How long a request waits for a change.
const MAX_WAIT: Duration = Duration::from_secs(20);

#[derive(Serialize, Deserialize)]
pub(super) struct UserSummary {
    id: i64,
    name: String,
}

pub(super) async fn list(core: Data<SharedState>) -> impl Responder {
    let state = core.state();
    let mut list: Vec<UserSummary> =
        state.names.iter().map(|(id, name)| UserSummary { id: *id, name: name.clone() }).collect();
    list.sort_by_key(|known| known.id);
    Json(list)
}

pub(super) async fn create(core: Data<SharedState>, known: Json<UserSummary>) -> impl Responder {
    core.add_user(known.id, &known.name);
    HttpResponse::NoContent()
}

#[derive(Deserialize)]
pub(super) struct ChatQuery {
    after: Option<u64>,
}

/// Returns the chat; with `after`, once it has changed since then.
pub(super) async fn chat(
    core: Data<SharedState>,
    id: Path<i64>,
    seen: Query<ChatQuery>,
) -> impl Responder {
    let deadline = Instant::now() + MAX_WAIT;
    loop {
        let bell = core.next_change();
        let changes = core.change_count();
        let is_new = seen.after.is_none_or(|after| changes != after);
        if is_new || timeout_at(deadline, bell).await.is_err() {
            let chat = core.state().chats.get(&id).cloned().unwrap_or_default();
            return Json(ChatView::new(chat, changes));
        }
    }
}

pub(super) async fn transcript(core: Data<SharedState>, id: Path<i64>) -> impl Responder {
    TestUser::new(core.into_inner(), *id).transcript()
}

/// An action of a user.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(super) enum UserAction {
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

/// The updates that an action made.
#[derive(Serialize)]
struct CreatedUpdates {
    update_ids: Vec<i64>,
}

fn created_updates(update_ids: Vec<i64>) -> HttpResponse {
    HttpResponse::Ok().json(CreatedUpdates { update_ids })
}

pub(super) async fn act(
    core: Data<SharedState>,
    id: Path<i64>,
    act: Json<UserAction>,
) -> impl Responder {
    let person = TestUser::new(core.into_inner(), *id);
    created_updates(vec![match act.into_inner() {
        UserAction::Send { text } => person.send(&text),
        UserAction::Tap { message_id, label } => {
            let chat = person.chat();
            let buttons = chat.message(message_id).map(|it| it.buttons.iter().flatten());
            let button = buttons.and_then(|mut all| all.find(|button| button.label == label));
            match button.and_then(|button| button.data.as_ref()) {
                Some(_) => person.tap_on(message_id, &label),
                None => return HttpResponse::NotFound().finish(),
            }
        }
        UserAction::Press { message_id, data } => person.press(message_id, &data),
        UserAction::Contact { phone, own: true } => person.share_contact(&phone),
        UserAction::Contact { phone, own: false } => person.share_contact_of(None, &phone),
        UserAction::Location { latitude, longitude } => person.share_location(latitude, longitude),
        UserAction::LiveLocation { latitude, longitude } => {
            person.share_live_location(latitude, longitude)
        }
        UserAction::Move { latitude, longitude } => {
            if !person.shares_live_location() {
                return HttpResponse::NotFound().finish();
            }
            person.move_live_location(latitude, longitude)
        }
        UserAction::Sticker => person.send_sticker(),
        UserAction::Voice => person.send_voice(),
        UserAction::Block => person.block_bot(),
        UserAction::Unblock => person.unblock_bot(),
    }])
}

#[derive(Deserialize)]
pub(super) struct FileQuery {
    caption: Option<String>,
    #[serde(default = "default_file_name")]
    name: String,
    #[serde(default = "default_mime")]
    mime: String,
}

fn default_file_name() -> String {
    "berkas.bin".into()
}

fn default_mime() -> String {
    "application/octet-stream".into()
}

pub(super) async fn photo(
    core: Data<SharedState>,
    id: Path<i64>,
    described: Query<FileQuery>,
    bytes: Bytes,
) -> impl Responder {
    let person = TestUser::new(core.into_inner(), *id);
    created_updates(vec![person.send_photo(bytes.to_vec(), described.caption.as_deref())])
}

/// Sends the files of a form as an album, in the order of their names.
pub(super) async fn album(
    core: Data<SharedState>,
    id: Path<i64>,
    request: HttpRequest,
    bytes: Bytes,
) -> impl Responder {
    let Ok(arguments) = Arguments::read(&HashMap::new(), &request, bytes).await else {
        return error_response(&ApiError::bad_request("can't parse the multipart form"));
    };
    let mut files: Vec<_> = arguments.files.into_iter().collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    let photos = files.into_iter().map(|(_, upload)| upload.bytes.to_vec()).collect();
    created_updates(TestUser::new(core.into_inner(), *id).send_album(photos))
}

pub(super) async fn document(
    core: Data<SharedState>,
    id: Path<i64>,
    described: Query<FileQuery>,
    bytes: Bytes,
) -> impl Responder {
    let person = TestUser::new(core.into_inner(), *id);
    created_updates(vec![person.send_document(bytes.to_vec(), &described.name, &described.mime)])
}
