//! Session: who is signed in. The access token is in memory only; the refresh token is a cookie that scripts cannot
//! read.

use std::cell::RefCell;
use std::sync::LazyLock;

use leptos::prelude::*;
use leptos::reactive::graph::Observer;
use leptos::task::spawn_local;
use shared::job_state_machine::Caller;
use shared::session::{LoginResponse, SignedInUser};
use shared::{Lang, Permission, PermissionSet, Role, Scope};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::{i18n, live, toast};
use crate::api::context::ApiContext;
use crate::browser::storage;
use crate::{api, tr};

/// State of the session.
#[derive(Debug, Clone, PartialEq)]
pub enum Session {
    /// The refresh cookie is being tried.
    Restoring,
    SignedOut,
    SignedIn(SignedInUser),
}

static SESSION: LazyLock<ArcRwSignal<Session>> =
    LazyLock::new(|| ArcRwSignal::new(Session::Restoring));

thread_local! {
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Connects the API client to the session and the language.
pub struct SessionApiContext;

impl ApiContext for SessionApiContext {
    fn access_token(&self) -> Option<String> {
        TOKEN.with_borrow(Clone::clone)
    }

    fn lang(&self) -> Lang {
        i18n::lang_untracked()
    }

    fn on_refreshed(&self, response: LoginResponse) {
        begin(response);
    }

    fn on_refresh_rejected(&self) {
        forget_refresh_cookie();
    }

    fn on_session_expired(&self) {
        expire();
    }
}

/// Written at each sign-out; other tabs notice by the `storage` event.
const SIGNED_OUT_KEY: &str = "isp-signed-out";

/// Set while there may be a refresh cookie, which scripts cannot see.
const SIGNED_IN_KEY: &str = "isp-signed-in";

/// Returns the session. Tracks.
pub fn session() -> Session {
    SESSION.get()
}

fn with_user<T>(read: impl FnOnce(Option<&SignedInUser>) -> T) -> T {
    let read = |session: &Session| match session {
        Session::SignedIn(user) => read(Some(user)),
        Session::Restoring | Session::SignedOut => read(None),
    };
    if Observer::get().is_some() { SESSION.with(read) } else { SESSION.with_untracked(read) }
}

/// Returns the signed-in person. Tracks inside a reactive context.
pub fn user() -> Option<SignedInUser> {
    with_user(|user| user.cloned())
}

/// Returns whether the signed-in person has a permission. Tracks inside a reactive context.
pub fn can(permission: Permission) -> bool {
    with_user(|user| user.is_some_and(|user| user.permissions.contains(&permission)))
}

/// Returns whether the signed-in person sees the own bag only, not the warehouse. Tracks inside a reactive context.
pub fn sees_own_bag_only() -> bool {
    let scope = |user: &SignedInUser| user.role.grant(Permission::InventoryRead);
    with_user(|user| user.and_then(scope) == Some(Scope::Own))
}

/// Returns whether the signed-in person may manage accounts of a role. Tracks inside a reactive context.
pub fn may_manage(role: Role) -> bool {
    can(Permission::UsersManage)
        && with_user(|user| user.is_some_and(|own| own.role.may_manage(role)))
}

/// Returns the signed-in person as the job state machine needs it. Tracks.
pub fn caller(job: &shared::job::Job) -> Option<Caller> {
    user().map(|user| Caller {
        permissions: PermissionSet::for_role(user.role),
        is_technician: user.technician_id.is_some(),
        on_this_job: user.technician_id.is_some_and(|own| {
            job.technicians.iter().any(|technician| technician.technician_id == own)
        }),
    })
}

/// Starts the session with the response to a sign-in or refresh.
pub fn begin(answer: LoginResponse) {
    TOKEN.set(Some(answer.access_token));
    storage::write(SIGNED_IN_KEY, "1");
    let session = Session::SignedIn(answer.user);
    if SESSION.with_untracked(|known| *known != session) {
        SESSION.set(session);
    }
}

/// Updates the data of the signed-in person.
pub fn update_user(user: SignedInUser) {
    SESSION.set(Session::SignedIn(user));
}

/// Ends the session because the server does not accept it any more.
pub fn expire() {
    if with_user(|user| user.is_some()) {
        toast::info(tr!(auth.expired));
    }
    clear();
}

/// Ends the session here, without asking the server.
pub fn clear() {
    TOKEN.set(None);
    live::stop();
    if SESSION.with_untracked(|session| *session != Session::SignedOut) {
        SESSION.set(Session::SignedOut);
    }
}

/// Signs out here, on the server and in the other tabs.
pub fn sign_out() {
    spawn_local(async {
        // The cookie may have expired already; signing out has to work all the same.
        let _ = api::auth::logout().await;
        forget_refresh_cookie();
        storage::write(SIGNED_OUT_KEY, &js_sys::Date::now().to_string());
        // A session that only expires keeps the drafts of its person.
        storage::tab::clear();
        clear();
    });
}

/// Records that there is no refresh cookie to try.
pub fn forget_refresh_cookie() {
    storage::remove(SIGNED_IN_KEY);
}

/// Tries the refresh cookie of an earlier visit; returns whether there may be one.
pub fn restore() -> bool {
    if storage::read(SIGNED_IN_KEY).is_none() {
        clear();
        return false;
    }
    spawn_local(async {
        if !api::client::refresh().await {
            clear();
        }
    });
    true
}

/// Signs out when another tab does.
pub fn watch_other_tabs() {
    let listener = Closure::<dyn Fn(web_sys::StorageEvent)>::new(|event: web_sys::StorageEvent| {
        if event.key().as_deref() == Some(SIGNED_OUT_KEY) {
            clear();
        }
    });
    let _ = window().add_event_listener_with_callback("storage", listener.as_ref().unchecked_ref());
    // The listener lives as long as the page.
    listener.forget();
}
