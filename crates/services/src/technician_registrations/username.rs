//! Generation of user names for applicants.

use db::tables::users;
use db::{Conn, DbError};

use shared::{Lang, stored_text};

use crate::error::{Error, Result};

/// Maximum length of a generated user name.
const MAX_USERNAME_CHARS: usize = 24;

/// Finds a free user name: `budi.santoso`, or `budi.santoso2` if the first is taken.
pub(super) fn free_username(conn: &mut Conn, name: &str) -> Result<String> {
    let wanted = suggest_username(name);
    for number in 1..1_000 {
        let username = if number == 1 { wanted.clone() } else { format!("{wanted}{number}") };
        if users::find_by_username(conn, &username)?.is_none() {
            return Ok(username);
        }
    }
    Err(Error::Db(DbError::Conflict))
}

fn suggest_username(name: &str) -> String {
    let plain = |word: &str| -> String {
        word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let words: Vec<String> = name.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    let mut username = words.join(".");
    username.truncate(MAX_USERNAME_CHARS);
    let username = username.trim_end_matches('.');
    if username.len() < 2 { default_username() } else { username.to_owned() }
}

fn default_username() -> String {
    stored_text::DEFAULT_USERNAME.in_lang(Lang::ORGANISATION).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggested_user_names_are_valid() {
        for (name, username) in [
            ("Budi Santoso", "budi.santoso"),
            ("Siti Nur'aini", "siti.nuraini"),
            ("Ñandú Ω", "and"),
            ("Ω", "teknisi"),
            ("Raden Mas Suryadiningrat Kusumo", "raden.mas.suryadiningrat"),
        ] {
            assert_eq!(suggest_username(name), username);
            assert!(shared::user::parse_username(&suggest_username(name)).is_ok());
        }
    }
}
