//! Command `isp-server create-admin`.

use std::io::{IsTerminal, stdin};
use std::process::ExitCode;

use db::Db;
use services::users::{SuperadminRecovery, recover_superadmin};
use services::{Error, auth::passwords};
use shared::user::UserCreate;
use shared::{ErrorCode, Lang, Role};

use crate::config::Config;
use crate::error_text::error_text;

/// Length of a generated password in characters.
const GENERATED_PASSWORD_CHARS: usize = 20;

/// Arguments of the command.
pub(crate) struct CreateAdminArgs {
    pub username: String,
    pub name: Option<String>,
    pub reset: bool,
}

/// Creates a superadmin, or resets the password of one.
///
/// # Errors
/// The user name or password is invalid; the name is taken or, with `reset`, not that of a superadmin;
/// the database can not be written.
pub(crate) async fn run(
    db: &Db,
    config: &Config,
    arguments: CreateAdminArgs,
) -> Result<ExitCode, String> {
    let CreateAdminArgs { username, name, reset } = arguments;
    let name = name.unwrap_or_else(|| username.clone());
    let role = Role::Superadmin;
    let user = UserCreate { username, name, role, password: String::new() };
    let text = |error: Error| error_text(&error, Lang::En);
    let user = user.parse().map_err(|faults| text(faults.into()))?;
    let rules = &config.auth.password_policy;
    let given =
        read_password().map_err(|error| format!("the password can not be read: {error}"))?;
    let (password, made_up) = match given {
        Some(password) => (password, false),
        None => (rules.generate(&user.username, GENERATED_PASSWORD_CHARS), true),
    };
    rules.check("password", &password, &user.username).map_err(|faults| text(faults.into()))?;
    let password_hash = passwords::hash(&password, passwords::BCRYPT_COST).map_err(text)?;
    let username = user.username.clone();
    let order = SuperadminRecovery { user, password_hash, must_change_password: made_up, reset };
    db.write(move |tx| recover_superadmin(tx, &order))
        .await
        .map_err(|error| explain_error(&error, &username))?;
    println!("{username} can sign in as superadmin.");
    if made_up {
        println!("Password, to be changed at the first sign-in: {password}");
    }
    Ok(ExitCode::SUCCESS)
}

fn explain_error(error: &Error, username: &str) -> String {
    match error {
        Error::Refused(refusal) if refusal.code == ErrorCode::NotFound => {
            format!("there is no login `{username}`; without --reset it is made")
        }
        Error::Refused(refusal) if refusal.code == ErrorCode::Forbidden => {
            format!("`{username}` is no superadmin's login")
        }
        Error::Refused(refusal) if refusal.faults.iter().any(|f| f.code == ErrorCode::Taken) => {
            format!("the login `{username}` exists; --reset gives it a new password")
        }
        other => error_text(other, Lang::En),
    }
}

/// Asks twice without echo at a terminal; otherwise reads the first line of standard input.
fn read_password() -> std::io::Result<Option<String>> {
    let given = if stdin().is_terminal() {
        let first = rpassword::prompt_password("Password (empty: make one up): ")?;
        if !first.is_empty() && rpassword::prompt_password("Once more: ")? != first {
            return Err(std::io::Error::other("the two are not the same"));
        }
        first
    } else {
        let mut line = String::new();
        stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    Ok(Some(given).filter(|password| !password.is_empty()))
}
