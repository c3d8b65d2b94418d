//! Callers that could read personal data.

use shared::Permission;

use crate::harness::{Client, client_with_api_key};
use crate::security::fixtures::Fixture;

/// Caller that reads.
pub struct Reader {
    pub name: &'static str,
    pub client: Client,
    /// Calls writing operations too.
    pub writes: bool,
}

/// Creates one reader of each kind, the most powerful first.
pub async fn readers(fixture: &Fixture) -> Vec<Reader> {
    let mut readers = Vec::new();
    for caller in &fixture.callers {
        let name = match caller.name {
            "user without a technician" => "user",
            name => name,
        };
        readers.push(Reader { name, client: caller.client.clone(), writes: true });
    }
    let for_keys =
        Permission::ALL.iter().copied().filter(|permission| permission.is_grantable_to_api_key());
    let everything: Vec<Permission> = for_keys.collect();
    let keys: [(&str, &[Permission]); 6] = [
        ("key:everything", &everything),
        ("key:customers", &[Permission::CustomersRead]),
        ("key:jobs", &[Permission::JobsRead, Permission::DashboardRead]),
        ("key:audit", &[Permission::AuditRead]),
        ("key:messages", &[Permission::NotificationsManage]),
        ("key:dashboard", &[Permission::DashboardRead]),
    ];
    for (name, permissions) in keys {
        let writes = name == "key:everything";
        readers.push(Reader {
            name,
            client: client_with_api_key(&fixture.app, permissions).await,
            writes,
        });
    }
    readers.push(Reader { name: "nobody", client: fixture.app.anonymous(), writes: true });
    readers
}
