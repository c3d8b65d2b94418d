//! Programs that call with a key.

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

fn wish(permissions: &[Permission]) -> ApiKeyCreate {
    ApiKeyCreate {
        name: format!("Billing {}", unique()),
        permissions: permissions.to_vec(),
        expires_at: None,
        allowed_addresses: Vec::new(),
    }
}

fn program(app: &TestApp, made: &ApiKeyCreated) -> Client {
    let mut program = app.anonymous();
    program.api_key = Some(made.key.clone());
    program
}

/// On PostgreSQL the word of a change takes a moment; the test waits for it.
async fn until_unknown(program: &Client) {
    let refusal = async {
        while program.request(Method::GET, "/jobs").send().await.unwrap().status() != 401 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), refusal).await.unwrap();
}

async fn works(program: &Client) {
    let _: Page<Job> = program.get("/jobs").await;
}

async fn revoke(root: &Client, made: &ApiKeyCreated) {
    let path = format!("/api-keys/{}", made.api_key.id);
    let response = root.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(response.status(), 204);
}

async fn maker(app: &TestApp) -> (Client, Client, Client, User) {
    let (root, maker) = (app.login(Role::Superadmin).await, app.login(Role::Superadmin).await);
    let permissions = [Permission::JobsRead, Permission::SettingsManage];
    let made: ApiKeyCreated = maker.post("/api-keys", &wish(&permissions)).await;
    let user: User = root.get(&format!("/users/{}", made.api_key.created_by)).await;
    (root, maker, program(app, &made), user)
}
