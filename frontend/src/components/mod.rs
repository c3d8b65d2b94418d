//! What pages are put together from.

pub mod badge;
pub mod changed_elsewhere;
pub mod contact;
pub mod dialog;
pub mod fact;
pub mod field;
pub mod form;
pub mod icon;
pub mod identity_photo;
pub mod list_view;
pub mod live_dot;
pub mod menus;
pub mod new_password;
pub mod page;
pub mod place;
pub mod reason;
pub mod secret;
pub mod shell;
pub mod state;
pub mod time;
pub mod toasts;
pub mod typed;
