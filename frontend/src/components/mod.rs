//! What pages are put together from.

pub mod badge;
pub mod contact;
pub mod dialog;
pub mod fact;
pub mod field;
pub mod form;
pub mod icon;
pub mod list_view;
pub mod live_dot;
pub mod menus;
pub mod page;
pub mod place;
pub mod shell;
pub mod state;
pub mod time;
pub mod toasts;
pub mod typed;
