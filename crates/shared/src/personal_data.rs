//! What a caller reads of a person: the one table for every way out.
//!
//! Lists, single objects, the audit, searches and messages ask it. What a technician reads is
//! limited to own jobs before that; the table says in which form.

use crate::permission::{Permission, PermissionSet, Role};

/// A kind of data about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalData {
    /// Name and number of a customer.
    CustomerName,
    CustomerPhone,
    CustomerEmail,
    /// Where a customer lives: address and coordinates.
    CustomerAddress,
    /// What the office has noted about a customer, and the distribution point.
    CustomerNotes,
    /// The identity number. Nobody reads it whole with the customer: that has an operation and a
    /// permission of its own, and each look is in the audit.
    CustomerNik,
    /// What is written about the work at a customer's: title, description, place, report.
    JobDetails,
    /// Phone number, login and places of a technician.
    Technician,
    /// What somebody has told who wants to become a technician.
    Applicant,
    /// Name and user name of a login.
    UserAccount,
    /// The chat that acts in the name of a login.
    TelegramChat,
    /// From where somebody has done something.
    NetworkAddress,
}

/// In which form data are shown, and whether they are found by searching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Not at all, and nothing is found by them.
    Hidden,
    /// So that somebody who knows them recognises them. Nothing is found by them.
    Masked,
    Full,
}

impl PersonalData {
    /// Every kind.
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

/// Who reads: a role and what it may do. A program has the role of whoever made its key, and the
/// rights of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub role: Role,
    pub permissions: PermissionSet,
}

impl Reader {
    /// The table.
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
            // Managers read figures, not people. Addresses stay: they say where the work is.
            (D::CustomerPhone, Role::Manager) => Visibility::Masked,
            (D::CustomerEmail, Role::Manager) => Visibility::Hidden,
            _ => Visibility::Full,
        }
    }

    /// Whether nothing is kept from this reader, but for identity numbers, which nobody reads here.
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
