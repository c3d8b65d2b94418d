//! Connection between the API client and the application that uses it.
//!
//! The client knows neither the session nor the language. The application installs an [`ApiContext`] once; the client
//! asks it for what a request carries and reports what happened to the sign-in.

use std::cell::RefCell;
use std::rc::Rc;

use shared::Lang;
use shared::session::LoginResponse;

/// What the client needs from the application.
pub trait ApiContext {
    /// Returns the access token to send, if somebody is signed in.
    fn access_token(&self) -> Option<String>;

    /// Returns the language in which the server should answer.
    fn lang(&self) -> Lang;

    /// The refresh cookie led to a new access token.
    fn on_refreshed(&self, response: LoginResponse);

    /// The server does not accept the refresh cookie.
    fn on_refresh_rejected(&self);

    /// A request was refused because the sign-in has ended.
    fn on_session_expired(&self);
}

thread_local! {
    static CONTEXT: RefCell<Rc<dyn ApiContext>> = RefCell::new(Rc::new(Anonymous));
}

/// Installs the context of the application. Called once at the start.
pub fn install(context: impl ApiContext + 'static) {
    CONTEXT.set(Rc::new(context));
}

/// Returns the installed context.
pub(super) fn context() -> Rc<dyn ApiContext> {
    CONTEXT.with_borrow(Clone::clone)
}

/// The context before one is installed: nobody is signed in.
struct Anonymous;

impl ApiContext for Anonymous {
    fn access_token(&self) -> Option<String> {
        None
    }

    fn lang(&self) -> Lang {
        Lang::Id
    }

    fn on_refreshed(&self, _response: LoginResponse) {}

    fn on_refresh_rejected(&self) {}

    fn on_session_expired(&self) {}
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    struct SignedIn(Rc<Cell<bool>>);

    impl ApiContext for SignedIn {
        fn access_token(&self) -> Option<String> {
            Some("token".to_owned())
        }

        fn lang(&self) -> Lang {
            Lang::En
        }

        fn on_refreshed(&self, _response: LoginResponse) {}

        fn on_refresh_rejected(&self) {}

        fn on_session_expired(&self) {
            self.0.set(true);
        }
    }

    #[test]
    fn the_client_uses_the_installed_context() {
        assert_eq!(context().access_token(), None);
        let expired = Rc::new(Cell::new(false));
        install(SignedIn(expired.clone()));
        assert_eq!(context().access_token().as_deref(), Some("token"));
        assert_eq!(context().lang(), Lang::En);
        context().on_session_expired();
        assert!(expired.get());
    }
}
