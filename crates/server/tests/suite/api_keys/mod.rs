//! API keys.

mod creation;
mod permissions;
mod validity;

use std::time::Duration;

use reqwest::Method;
use shared::api_key::{ApiKeyCreate, ApiKeyCreated};
use shared::job::Job;
use shared::user::User;
use shared::{Page, Permission, Role};

use crate::harness::{Client, TestApp, unique};

fn key_request(permissions: &[Permission]) -> ApiKeyCreate {
    ApiKeyCreate {
        name: format!("Billing {}", unique()),
        permissions: permissions.to_vec(),
        expires_at: None,
        allowed_addresses: Vec::new(),
    }
}

fn client_with_key(app: &TestApp, made: &ApiKeyCreated) -> Client {
    let mut program = app.anonymous();
    program.api_key = Some(made.key.clone());
    program
}

/// Waits until the key is rejected: on PostgreSQL the notification of a change takes a moment.
async fn wait_until_rejected(program: &Client) {
    let refusal = async {
        while program.request(Method::GET, "/jobs").send().await.unwrap().status() != 401 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), refusal).await.unwrap();
}

async fn assert_accepted(program: &Client) {
    let _: Page<Job> = program.get("/jobs").await;
}

async fn revoke(root: &Client, made: &ApiKeyCreated) {
    let path = format!("/api-keys/{}", made.api_key.id);
    let response = root.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(response.status(), 204);
}

async fn key_creator(app: &TestApp) -> (Client, Client, Client, User) {
    let (root, maker) =
        (app.sign_in_as(Role::Superadmin).await, app.sign_in_as(Role::Superadmin).await);
    let permissions = [Permission::JobsRead, Permission::SettingsManage];
    let made: ApiKeyCreated = maker.post("/api-keys", &key_request(&permissions)).await;
    let user: User = root.get(&format!("/users/{}", made.api_key.created_by)).await;
    (root, maker, client_with_key(app, &made), user)
}
