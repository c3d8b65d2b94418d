//! Classes of login attempts: their throttle counters and their priority in the hash queue.

use chrono::NaiveDateTime;
use db::Conn;
use db::tables::login_attempts;
use db::tables::users::{self, UserRow};
use shared::UserId;

use crate::auth::issued_session::Device;
use crate::auth::passwords::QueueClass;
use crate::auth::throttle::{self, Account, Subject, customer_network};
use crate::encryption::Cipher;
use crate::error::Result;

/// No user has this id; queried for unknown names, so that the duration reveals nothing.
const NOBODY: UserId = UserId(0);

/// A login attempt before its password is verified.
pub(super) struct LoginContext {
    pub user: Option<UserRow>,
    pub account: Account,
    pub class: AttemptClass,
}

/// Who tries, as far as known without the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttemptClass {
    /// A device on which the owner has signed in.
    KnownDevice,
    /// A network from which the owner has signed in.
    KnownNetwork,
    /// A network that is new to the account.
    NewNetwork,
    /// A network that has failed before.
    FailedNetwork,
}

impl LoginContext {
    /// Classifies an attempt. `name` is in lower case.
    pub fn load(
        conn: &mut Conn,
        cipher: &Cipher,
        name: &str,
        device: &Device,
        now: NaiveDateTime,
    ) -> Result<Self> {
        let user = users::find_by_username(conn, name)?.map(|(user, _)| user);
        let epoch = user.as_ref().map_or(0, |user| user.token_epoch);
        let account = Account { name: name.to_owned(), epoch };
        let id = user.as_ref().map_or(NOBODY, |user| user.id);
        let at_home = login_attempts::has_success_from(conn, id, &customer_network(&device.ip))?;
        let is_new = throttle::is_new_network(conn, cipher, &account, &device.ip, now)?;
        let on_device = user
            .as_ref()
            .zip(device.known_device.as_ref())
            .is_some_and(|(user, it)| it.belongs_to(user));
        let lane = match (on_device, at_home, is_new) {
            (true, ..) => AttemptClass::KnownDevice,
            (_, true, _) => AttemptClass::KnownNetwork,
            (_, _, true) => AttemptClass::NewNetwork,
            _ => AttemptClass::FailedNetwork,
        };
        Ok(Self { user, account, class: lane })
    }

    /// Priority class in the hash queue.
    pub fn queue_class(&self) -> QueueClass {
        match self.class {
            AttemptClass::KnownDevice | AttemptClass::KnownNetwork => QueueClass::Known,
            AttemptClass::NewNetwork | AttemptClass::FailedNetwork => QueueClass::Unknown,
        }
    }

    /// Throttle counters of the attempt.
    pub fn subjects(&self, device: &Device) -> Vec<Subject> {
        let (account, ip) = (|| self.account.clone(), || device.ip.clone());
        let id = device.known_device.as_ref().map_or("", |known| known.id());
        match self.class {
            AttemptClass::KnownDevice => {
                vec![Subject::AccountOnKnownDevice(account(), id.to_owned())]
            }
            AttemptClass::KnownNetwork => vec![Subject::AccountFromKnownNetwork(account(), ip())],
            AttemptClass::NewNetwork => vec![
                Subject::AccountFromNewNetwork(account(), ip()),
                Subject::AccountFromAllNewNetworks(account()),
                Subject::Address(ip()),
            ],
            AttemptClass::FailedNetwork => {
                vec![Subject::AccountFromFailedNetworks(account()), Subject::Address(ip())]
            }
        }
    }

    /// Throttle counters of an attempt with password and code, while the regular ones are
    /// throttled.
    pub fn pair_subjects(&self, device: &Device) -> Vec<Subject> {
        vec![
            Subject::PasswordWithCode(self.account.clone(), device.ip.clone()),
            Subject::PasswordsWithCodeFrom(device.ip.clone()),
        ]
    }
}
