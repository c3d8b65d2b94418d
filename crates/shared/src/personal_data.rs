//! Visibility of personal data by role: one table for all outputs.
//!
//! Lists, single objects, the audit, searches and messages use it. Technicians are limited to their
//! own jobs before; the table then says in which form they see the data.

use crate::permission::{Permission, PermissionSet, Role};

/// Kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalData {
    /// Name and number of a customer.
    CustomerName,
    CustomerPhone,
    CustomerEmail,
    /// Address and coordinates of a customer.
    CustomerAddress,
    /// Notes of the office about a customer, and the distribution point.
    CustomerNotes,
    /// Identity number. It is always masked in customer data; a separate, audited operation with
    /// its own permission returns it in full.
    CustomerNik,
    /// Texts about work at a customer: title, description, address, report.
    JobDetails,
    /// Phone number, user account and locations of a technician.
    Technician,
    /// Data of an applicant.
    Applicant,
    /// Name and user name of a user account.
    UserAccount,
    /// The Telegram chat linked to a user account.
    TelegramChat,
    /// Source address of a request.
    NetworkAddress,
}

/// In which form data is shown, and whether searches match it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Not shown; searches do not match it.
    Hidden,
    /// Shown in masked form for recognition; searches do not match it.
    Masked,
    Full,
}

impl PersonalData {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::CustomerName,
        Self::CustomerPhone,
        Self::CustomerEmail,
        Self::CustomerAddress,
        Self::CustomerNotes,
        Self::CustomerNik,
        Self::JobDetails,
        Self::Technician,
        Self::Applicant,
        Self::UserAccount,
        Self::TelegramChat,
        Self::NetworkAddress,
    ];
}

/// The reader: a role and its permissions. An API key has the role of its creator and the
/// permissions of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub role: Role,
    pub permissions: PermissionSet,
}

impl Reader {
    /// The visibility table.
    pub const fn visibility_of(self, data: PersonalData) -> Visibility {
        use Permission as P;
        use PersonalData as D;
        let customers = self.permissions.allows(P::CustomersRead);
        let seen = match data {
            D::CustomerPhone | D::CustomerEmail | D::CustomerNotes | D::CustomerNik => customers,
            D::CustomerName | D::CustomerAddress => {
                customers || self.permissions.allows(P::JobsRead)
            }
            D::JobDetails => self.permissions.allows(P::JobsRead),
            D::Technician => self.permissions.allows(P::TechniciansRead),
            D::Applicant => self.permissions.allows(P::TechniciansManage),
            D::UserAccount | D::TelegramChat | D::NetworkAddress => {
                self.permissions.allows(P::UsersManage)
            }
        };
        if !seen {
            return Visibility::Hidden;
        }
        match (data, self.role) {
            (D::CustomerNik, _) => Visibility::Masked,
            // Managers see figures, not persons. Addresses stay visible because they are places of
            // work.
            (D::CustomerPhone, Role::Manager) => Visibility::Masked,
            (D::CustomerEmail, Role::Manager) => Visibility::Hidden,
            _ => Visibility::Full,
        }
    }

    /// Whether everything is visible, except identity numbers, which are always masked.
    pub const fn sees_everything(self) -> bool {
        let mut index = 0;
        while index < PersonalData::ALL.len() {
            let data = PersonalData::ALL[index];
            let whole = matches!(self.visibility_of(data), Visibility::Full);
            if !whole && !matches!(data, PersonalData::CustomerNik) {
                return false;
            }
            index += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(role: Role) -> Reader {
        Reader { role, permissions: PermissionSet::for_role(role) }
    }

    #[test]
    fn customer_contact_data_requires_permission_to_read_customers() {
        for data in [PersonalData::CustomerPhone, PersonalData::CustomerEmail] {
            for role in [Role::Superadmin, Role::Admin, Role::Cs, Role::User] {
                assert_eq!(of(role).visibility_of(data), Visibility::Full, "{role} {data:?}");
            }
            assert_eq!(of(Role::Gudang).visibility_of(data), Visibility::Hidden, "{data:?}");
        }
        assert_eq!(
            of(Role::Manager).visibility_of(PersonalData::CustomerPhone),
            Visibility::Masked
        );
        assert_eq!(
            of(Role::Manager).visibility_of(PersonalData::CustomerEmail),
            Visibility::Hidden
        );
        assert_eq!(of(Role::Gudang).visibility_of(PersonalData::CustomerAddress), Visibility::Full);
    }

    #[test]
    fn identity_numbers_are_always_masked_and_only_administrators_see_everything_else() {
        for &role in Role::ALL {
            assert!(of(role).visibility_of(PersonalData::CustomerNik) < Visibility::Full, "{role}");
            let everything = matches!(role, Role::Superadmin | Role::Admin);
            assert_eq!(of(role).sees_everything(), everything, "{role}");
        }
    }

    #[test]
    fn an_api_key_sees_what_its_own_permissions_allow() {
        let key = |permissions| Reader {
            role: Role::Superadmin,
            permissions: PermissionSet::for_api_key(Role::Superadmin, permissions),
        };
        let phone = PersonalData::CustomerPhone;
        assert_eq!(key(&[Permission::JobsRead]).visibility_of(phone), Visibility::Hidden);
        assert_eq!(key(&[Permission::AuditRead]).visibility_of(phone), Visibility::Hidden);
        assert_eq!(key(&[Permission::CustomersRead]).visibility_of(phone), Visibility::Full);
        assert_eq!(
            key(Permission::ALL).visibility_of(PersonalData::UserAccount),
            Visibility::Hidden
        );
    }
}
