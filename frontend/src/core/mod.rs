//! Foundation of every page: language, session, live events, loading and formats.
//!
//! State that the API client, event handlers and tasks read outside of components is a static signal: session,
//! language, live status, clock and toasts. Everything else is provided as a context.

pub mod auth_options;
pub mod clock;
pub mod error_text;
pub mod format;
pub mod i18n;
pub mod labels;
pub mod list;
pub mod list_query;
pub mod live;
pub mod live_refresh;
pub mod load;
pub mod page_preloader;
pub mod password_change;
pub mod password_strength;
pub mod pending_counts;
pub mod photo_queue;
pub mod protected_image;
pub mod session;
pub mod temporary_password;
pub mod theme;
pub mod toast;
pub mod version;
