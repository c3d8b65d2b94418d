//! Login history of a user.

use db::tables::login_attempts::{self as table, LoginAttemptRow};
use db::{Conn, Cursor};
use shared::Page;
use shared::session::LoginAttempt;

use crate::Actor;
use crate::error::Result;
use crate::pagination::PageRequest;

/// Lists login attempts for the caller's own account, newest first.
pub fn list(conn: &mut Conn, actor: &Actor, page: &PageRequest) -> Result<Page<LoginAttempt>> {
    let rows = table::list(conn, actor.user_id, page.cursor.as_ref(), page.fetch_limit())?;
    let total = page.with_total.then(|| table::count(conn, actor.user_id)).transpose()?;
    let mark = |row: &LoginAttemptRow| Cursor::text("", row.id.0);
    Ok(page.page(rows, total, mark, LoginAttempt::from))
}
