//! Logins, and how they come to be.

mod deactivation;
mod initial_setup;
mod management;
mod roles;
mod signup;

use shared::Role;
use shared::user::{User, UserUpdate};

use crate::harness::{Client, PASSWORD, unique};

/// The request that adds a login.
fn new_login(name: &str, role: Role) -> shared::user::UserCreate {
    shared::user::UserCreate {
        username: format!("orang.{}", unique()),
        name: name.into(),
        role,
        password: PASSWORD.into(),
    }
}

fn change(user: &User) -> UserUpdate {
    UserUpdate { name: user.name.clone(), role: user.role, active: user.active }
}

fn path(user: &User) -> String {
    format!("/users/{}", user.id)
}

/// What the office reads of somebody who is signed in.
async fn record(admin: &Client, of: &Client) -> User {
    admin.get(&format!("/users/{}", of.user.as_ref().unwrap().id)).await
}
