//! User accounts.

mod deactivation;
mod initial_setup;
mod management;
mod roles;
mod signup;

use shared::Role;
use shared::user::{User, UserUpdate};

use crate::harness::{Client, PASSWORD, unique};

/// Builds a request to create an account.
fn user_request(name: &str, role: Role) -> shared::user::UserCreate {
    shared::user::UserCreate {
        username: format!("orang.{}", unique()),
        name: name.into(),
        role,
        password: PASSWORD.into(),
    }
}

fn user_update(user: &User) -> UserUpdate {
    UserUpdate { name: user.name.clone(), role: user.role, active: user.active }
}

fn user_path(user: &User) -> String {
    format!("/users/{}", user.id)
}

/// Reads the user record of a signed-in client.
async fn user_record(admin: &Client, of: &Client) -> User {
    admin.get(&format!("/users/{}", of.user.as_ref().unwrap().id)).await
}
