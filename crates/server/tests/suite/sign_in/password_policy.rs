//! Password policy.

use server::bootstrap;
use server::config::{Config, Environment};
use shared::session::PasswordChange;
use shared::technician::TechnicianCreate;
use shared::user::UserCreate;
use shared::{ErrorCode, Role};

use crate::harness::client::field_error;
use crate::harness::{PASSWORD, TestApp};
use crate::on_both_databases;

on_both_databases!(
    a_new_account_rejects_weak_passwords,
    a_password_change_rejects_weak_passwords,
    initial_setup_rejects_weak_passwords,
);

async fn a_new_account_rejects_weak_passwords(app: TestApp) {
    let admin = app.sign_in_as(Role::Admin).await;
    for (password, code) in [
        ("Bismillah123", ErrorCode::CommonPassword),
        ("Siti.Rahayu-77", ErrorCode::PasswordContainsName),
    ] {
        let user = UserCreate {
            username: "siti.rahayu".into(),
            name: "Siti".into(),
            role: Role::Cs,
            password: password.into(),
        };
        let problem = admin.post_refused("/users", &user).await;
        assert_eq!(field_error(&problem, "password"), code);
        let technician = TechnicianCreate {
            name: "Siti".into(),
            phone: "081234567890".into(),
            username: "siti.rahayu".into(),
            password: password.into(),
            skills: Vec::new(),
            base_latitude: None,
            base_longitude: None,
        };
        let problem = admin.post_refused("/technicians", &technician).await;
        assert_eq!(field_error(&problem, "password"), code);
    }
}

async fn a_password_change_rejects_weak_passwords(app: TestApp) {
    let client = app.sign_in_as(Role::Cs).await;
    let change =
        PasswordChange { current_password: PASSWORD.into(), new_password: "P@ssw0rd2026".into() };
    let problem = client.put_unversioned_refused("/auth/password", &change).await;
    assert_eq!(field_error(&problem, "new_password"), ErrorCode::CommonPassword);
    let own = client.user.unwrap().username;
    let change =
        PasswordChange { current_password: PASSWORD.into(), new_password: format!("X1-{own}-y") };
    let client = app.sign_in(&own, PASSWORD).await;
    let problem = client.put_unversioned_refused("/auth/password", &change).await;
    assert_eq!(field_error(&problem, "new_password"), ErrorCode::PasswordContainsName);
}

async fn initial_setup_rejects_weak_passwords(app: TestApp) {
    let pairs = [("ADMIN_USERNAME", "kepala"), ("ADMIN_PASSWORD", "Admin-123")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_env(&Environment::from_pairs(pairs)).unwrap();
    let refused = bootstrap::create_first_admin(&app.db, &config, 4).await.unwrap_err().to_string();
    assert!(refused.starts_with("ADMIN_USERNAME and ADMIN_PASSWORD: Too easy"), "{refused}");
}
