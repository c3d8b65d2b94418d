//! Classes of sign-in attempts: what each is counted by, and its priority in the queue of hashes.

use chrono::NaiveDateTime;
use db::Conn;
use db::tables::login_attempts;
use db::tables::users::{self, UserRow};
use shared::UserId;

use crate::auth::Device;
use crate::error::Result;
use crate::passwords::Waiting;
use crate::throttle::{self, Account, Subject, network};
use crate::vault::Vault;

/// No login has this number: it is asked about where nobody has the name, so that the time tells nothing.
const NOBODY: UserId = UserId(0);

/// A name that is tried, before its password is looked at.
pub(super) struct Approach {
    pub user: Option<UserRow>,
    pub account: Account,
    pub lane: Lane,
}

/// Who tries, as far as that is known without the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// A device on which the owner has signed in.
    OnDevice,
    /// A network from which the owner has signed in.
    AtHome,
    /// A network that is new to the login.
    Newcomer,
    /// A network that has failed before.
    Stranger,
}

impl Approach {
    /// Finds out who tries. `name` is in lower case.
    pub fn of(
        conn: &mut Conn,
        vault: &Vault,
        name: &str,
        device: &Device,
        now: NaiveDateTime,
    ) -> Result<Self> {
        let user = users::find_by_username(conn, name)?.map(|(user, _)| user);
        let epoch = user.as_ref().map_or(0, |user| user.token_epoch);
        let account = Account { name: name.to_owned(), epoch };
        let id = user.as_ref().map_or(NOBODY, |user| user.id);
        let at_home = login_attempts::knows_place(conn, id, &network(&device.ip))?;
        let is_new = throttle::is_new(conn, vault, &account, &device.ip, now)?;
        let on_device =
            user.as_ref().zip(device.known.as_ref()).is_some_and(|(user, it)| it.is_of(user));
        let lane = match (on_device, at_home, is_new) {
            (true, ..) => Lane::OnDevice,
            (_, true, _) => Lane::AtHome,
            (_, _, true) => Lane::Newcomer,
            _ => Lane::Stranger,
        };
        Ok(Self { user, account, lane })
    }

    /// Which places in the queue of hashes are for it.
    pub fn waiting(&self) -> Waiting {
        match self.lane {
            Lane::OnDevice | Lane::AtHome => Waiting::Known,
            Lane::Newcomer | Lane::Stranger => Waiting::Stranger,
        }
    }

    /// What an attempt of this kind is counted by.
    pub fn subjects(&self, device: &Device) -> Vec<Subject> {
        let (account, ip) = (|| self.account.clone(), || device.ip.clone());
        let id = device.known.as_ref().map_or("", |known| known.id());
        match self.lane {
            Lane::OnDevice => vec![Subject::OnDevice(account(), id.to_owned())],
            Lane::AtHome => vec![Subject::AtHome(account(), ip())],
            Lane::Newcomer => vec![
                Subject::Newcomer(account(), ip()),
                Subject::Newcomers(account()),
                Subject::Address(ip()),
            ],
            Lane::Stranger => vec![Subject::Strangers(account()), Subject::Address(ip())],
        }
    }

    /// What an attempt is counted by that brings password and code while the others make it wait.
    pub fn pair(&self, device: &Device) -> Vec<Subject> {
        vec![
            Subject::Pair(self.account.clone(), device.ip.clone()),
            Subject::PairsFrom(device.ip.clone()),
        ]
    }
}
