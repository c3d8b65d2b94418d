//! Photos on their way to the server: sent one after the other, and again when the connection is back.
//!
//! The queue belongs to the tab, not to a page: a photo is also sent while another page is open. After a reload it is
//! empty, and pages show what the server has.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use futures_util::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::{ErrorCode, UserId};
use web_sys::{Blob, File};

use super::error_text::ErrorText;
use super::{session, toast};
use crate::api::idempotency::new_key;
use crate::api::upload::OutgoingPhoto;
use crate::api::{ApiError, ApiResult};
use crate::browser::{connection, shrink};

/// Pause between attempts while the device has a network and the server does not answer, in milliseconds.
const RETRY_PAUSE: u32 = 15_000;

/// Where a photo is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoState {
    /// Others are sent first.
    Waiting,
    /// It is being made smaller.
    Preparing,
    Sending {
        percent: u8,
    },
    /// There was no response, or none that settles it. It is sent again by itself.
    NoConnection,
    /// The server said no, for this reason.
    Refused(String),
}

/// A photo that the server does not have yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedPhoto {
    pub id: u32,
    pub name: String,
    pub state: PhotoState,
    /// What it belongs to, such as a job.
    target: String,
    owner: UserId,
}

/// Receives how much has been sent, 0 to 1.
pub type Progress = Box<dyn Fn(f64)>;
type SendPhoto = Rc<dyn Fn(OutgoingPhoto, Progress) -> LocalBoxFuture<'static, ApiResult<()>>>;

/// Photos for one target.
#[derive(Clone)]
pub struct PhotoBatch {
    pub target: String,
    /// Says that a photo with this name has been stored.
    pub stored_text: fn(String) -> String,
    pub send: SendPhoto,
}

/// What cannot be in a signal.
#[derive(Clone)]
struct Content {
    chosen: File,
    /// Made of the chosen file once, so that every attempt sends the same.
    prepared: Option<Blob>,
    key: String,
    batch: PhotoBatch,
}

static QUEUE: LazyLock<ArcRwSignal<Vec<QueuedPhoto>>> = LazyLock::new(ArcRwSignal::default);

thread_local! {
    static CONTENTS: RefCell<HashMap<u32, Content>> = RefCell::default();
    static NEXT_ID: Cell<u32> = const { Cell::new(0) };
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
    static IS_WATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Returns the photos of the signed-in person for a target, in their order. Tracks.
pub fn photos(target: &str) -> Vec<QueuedPhoto> {
    let owner = session::user().map(|user| user.id);
    QUEUE.with(|queue| {
        let own = |photo: &&QueuedPhoto| photo.target == target && Some(photo.owner) == owner;
        queue.iter().filter(own).cloned().collect()
    })
}

/// Returns the state of a photo; `None` if it is no longer in the queue. Tracks.
pub fn state(id: u32) -> Option<PhotoState> {
    QUEUE.with(|queue| queue.iter().find(|photo| photo.id == id).map(|photo| photo.state.clone()))
}

/// Puts photos into the queue and sends them.
pub fn enqueue(batch: &PhotoBatch, files: Vec<File>) {
    let Some(owner) = untrack(session::user).map(|user| user.id) else { return };
    for file in files {
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        let (name, target) = (file.name(), batch.target.clone());
        let content =
            Content { chosen: file, prepared: None, key: new_key(), batch: batch.clone() };
        CONTENTS.with_borrow_mut(|contents| contents.insert(id, content));
        let photo = QueuedPhoto { id, name, state: PhotoState::Waiting, target, owner };
        QUEUE.update(|queue| queue.push(photo));
    }
    watch_connection();
    run();
}

/// Sends a photo again.
pub fn retry(id: u32) {
    set_state(id, PhotoState::Waiting);
    run();
}

/// Gives a photo up.
pub fn remove(id: u32) {
    CONTENTS.with_borrow_mut(|contents| contents.remove(&id));
    QUEUE.update(|queue| queue.retain(|photo| photo.id != id));
}

/// Gives up the photos of a target that are not being sent, because another one takes their place.
pub fn remove_stopped(target: &str) {
    for photo in untrack(|| photos(target)) {
        if matches!(photo.state, PhotoState::NoConnection | PhotoState::Refused(_)) {
            remove(photo.id);
        }
    }
}

/// Gives all photos up.
pub fn clear() {
    CONTENTS.with_borrow_mut(HashMap::clear);
    QUEUE.update(Vec::clear);
}

fn retry_all() {
    QUEUE.update(|queue| {
        for photo in queue.iter_mut().filter(|photo| photo.state == PhotoState::NoConnection) {
            photo.state = PhotoState::Waiting;
        }
    });
    run();
}

/// Sends again what got no response: when the device has a network again, and from time to time.
fn watch_connection() {
    if IS_WATCHING.replace(true) {
        return;
    }
    connection::on_online(retry_all);
    spawn_local(async {
        loop {
            TimeoutFuture::new(RETRY_PAUSE).await;
            let waits = |photo: &QueuedPhoto| {
                // Photos keep their turn while nobody is signed in.
                matches!(photo.state, PhotoState::NoConnection | PhotoState::Waiting)
            };
            let is_waiting = QUEUE.with_untracked(|queue| queue.iter().any(waits));
            if is_waiting && connection::is_online() {
                retry_all();
            }
        }
    });
}

fn run() {
    if IS_RUNNING.replace(true) {
        return;
    }
    spawn_local(async {
        while let Some(id) = next_waiting() {
            send(id).await;
        }
        IS_RUNNING.set(false);
    });
}

fn next_waiting() -> Option<u32> {
    let owner = untrack(session::user)?.id;
    QUEUE.with_untracked(|queue| {
        let waits =
            |photo: &&QueuedPhoto| photo.state == PhotoState::Waiting && photo.owner == owner;
        queue.iter().find(waits).map(|photo| photo.id)
    })
}

async fn send(id: u32) {
    let Some(photo) = prepare(id).await else { return remove(id) };
    let Some(batch) = content(id).map(|content| content.batch) else { return remove(id) };
    set_state(id, PhotoState::Sending { percent: 0 });
    let progress = move |sent: f64| {
        set_state(id, PhotoState::Sending { percent: (sent * 100.0) as u8 });
    };
    let name = photo.name.clone();
    match (batch.send)(photo, Box::new(progress)).await {
        Ok(()) => {
            remove(id);
            toast::success((batch.stored_text)(name));
        }
        Err(error) if passes(&error) => set_state(id, PhotoState::NoConnection),
        Err(error) => set_state(id, PhotoState::Refused(reason(&error))),
    }
}

async fn prepare(id: u32) -> Option<OutgoingPhoto> {
    let mut content = content(id)?;
    if content.prepared.is_none() {
        set_state(id, PhotoState::Preparing);
        let smaller = shrink::shrink(&content.chosen).await;
        content.prepared = Some(smaller.unwrap_or_else(|| content.chosen.clone().into()));
        let known = content.clone();
        // It may have been removed meanwhile.
        CONTENTS
            .with_borrow_mut(|contents| contents.get_mut(&id).map(|content| *content = known))?;
    }
    let Content { chosen, prepared, key, .. } = content;
    Some(OutgoingPhoto { file: prepared?, name: chosen.name(), key })
}

fn content(id: u32) -> Option<Content> {
    CONTENTS.with_borrow(|contents| contents.get(&id).cloned())
}

fn set_state(id: u32, state: PhotoState) {
    QUEUE.update(|queue| {
        if let Some(photo) = queue.iter_mut().find(|photo| photo.id == id) {
            photo.state = state;
        }
    });
}

/// Whether the same photo can be stored later: with a connection, another session, or a server that is not busy.
fn passes(error: &ApiError) -> bool {
    *error == ApiError::Offline
        || matches!(
            error.code(),
            Some(
                ErrorCode::NotAuthenticated
                    | ErrorCode::TokenExpired
                    | ErrorCode::RateLimited
                    | ErrorCode::RequestInProgress
                    | ErrorCode::Unavailable
            )
        )
}

/// Why a photo was refused. The upload has one field, whose fault says more than the problem as a whole.
fn reason(error: &ApiError) -> String {
    error.fields().first().map_or_else(|| error.message(), |field| field.message.clone())
}
