//! What every page stands on: language, theme, session, live events, formats.

pub mod device;
pub mod download;
pub mod format;
pub mod i18n;
pub mod image;
pub mod labels;
pub mod list;
pub mod live;
pub mod nav;
pub mod options;
pub mod pages;
pub mod random;
pub mod refresh;
pub mod session;
pub mod storage;
pub mod strength;
pub mod theme;
pub mod time;
pub mod toast;
pub mod version;
pub mod waiting;

/// Reads the stored choices and starts what runs beside the pages. Called once.
pub fn start() {
    i18n::restore();
    theme::restore();
    time::start_clock();
    session::watch_other_tabs();
    pages::load_on_intent();
}
