//! What a caller reads of a person: the one table for every way out.
//!
//! Lists, single objects, the audit, searches and messages ask it. What a technician reads is
//! limited to own jobs before that; the table says in which form.

use crate::permission::{Permission, Rights, Role};

/// A kind of data about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalData {
    /// Name and number of a customer.
    CustomerName,
    CustomerPhone,
    CustomerEmail,
    /// Where a customer lives: address and coordinates.
    CustomerPlace,
    /// What the office has noted about a customer, and the distribution point.
    CustomerNotes,
    /// The identity number. Nobody reads it whole with the customer: that has an operation and a
    /// permission of its own, and each look is in the audit.
    CustomerNik,
    /// What is written about the work at a customer's: title, description, place, report.
    JobFacts,
    /// Phone number, login and places of a technician.
    Technician,
    /// What somebody has told who wants to become a technician.
    Applicant,
    /// Name and user name of a login.
    Login,
    /// The chat that acts in the name of a login.
    TelegramChat,
    /// From where somebody has done something.
    NetworkAddress,
}

/// In which form data are shown, and whether they are found by searching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// Not at all, and nothing is found by them.
    Hidden,
    /// So that somebody who knows them recognises them. Nothing is found by them.
    Masked,
    Whole,
}

impl PersonalData {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::CustomerName,
        Self::CustomerPhone,
        Self::CustomerEmail,
        Self::CustomerPlace,
        Self::CustomerNotes,
        Self::CustomerNik,
        Self::JobFacts,
        Self::Technician,
        Self::Applicant,
        Self::Login,
        Self::TelegramChat,
        Self::NetworkAddress,
    ];
}

/// Who reads: a role and what it may do. A program has the role of whoever made its key, and the
/// rights of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    pub role: Role,
    pub rights: Rights,
}

impl Reader {
    /// The table.
    pub const fn reads(self, data: PersonalData) -> Shown {
        use Permission as P;
        use PersonalData as D;
        let customers = self.rights.allows(P::CustomersRead);
        let seen = match data {
            D::CustomerPhone | D::CustomerEmail | D::CustomerNotes | D::CustomerNik => customers,
            D::CustomerName | D::CustomerPlace => customers || self.rights.allows(P::JobsRead),
            D::JobFacts => self.rights.allows(P::JobsRead),
            D::Technician => self.rights.allows(P::TechniciansRead),
            D::Applicant => self.rights.allows(P::TechniciansManage),
            D::Login | D::TelegramChat | D::NetworkAddress => self.rights.allows(P::UsersManage),
        };
        if !seen {
            return Shown::Hidden;
        }
        match (data, self.role) {
            (D::CustomerNik, _) => Shown::Masked,
            // Managers read figures, not people. Addresses stay: they say where the work is.
            (D::CustomerPhone, Role::Manager) => Shown::Masked,
            (D::CustomerEmail, Role::Manager) => Shown::Hidden,
            _ => Shown::Whole,
        }
    }

    /// Whether nothing is kept from this reader, but for identity numbers, which nobody reads here.
    pub const fn reads_everything(self) -> bool {
        let mut index = 0;
        while index < PersonalData::ALL.len() {
            let data = PersonalData::ALL[index];
            let whole = matches!(self.reads(data), Shown::Whole);
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
        Reader { role, rights: Rights::of(role) }
    }

    #[test]
    fn contact_data_of_customers_need_the_right_to_customers() {
        for data in [PersonalData::CustomerPhone, PersonalData::CustomerEmail] {
            for role in [Role::Superadmin, Role::Admin, Role::Cs, Role::User] {
                assert_eq!(of(role).reads(data), Shown::Whole, "{role} {data:?}");
            }
            assert_eq!(of(Role::Gudang).reads(data), Shown::Hidden, "{data:?}");
        }
        assert_eq!(of(Role::Manager).reads(PersonalData::CustomerPhone), Shown::Masked);
        assert_eq!(of(Role::Manager).reads(PersonalData::CustomerEmail), Shown::Hidden);
        assert_eq!(of(Role::Gudang).reads(PersonalData::CustomerPlace), Shown::Whole);
    }

    #[test]
    fn an_identity_number_is_never_whole_and_only_administrators_read_everything_else() {
        for &role in Role::ALL {
            assert!(of(role).reads(PersonalData::CustomerNik) < Shown::Whole, "{role}");
            let everything = matches!(role, Role::Superadmin | Role::Admin);
            assert_eq!(of(role).reads_everything(), everything, "{role}");
        }
    }

    #[test]
    fn a_key_reads_what_its_own_permissions_reach() {
        let key = |permissions| Reader {
            role: Role::Superadmin,
            rights: Rights::of_key(Role::Superadmin, permissions),
        };
        let phone = PersonalData::CustomerPhone;
        assert_eq!(key(&[Permission::JobsRead]).reads(phone), Shown::Hidden);
        assert_eq!(key(&[Permission::AuditRead]).reads(phone), Shown::Hidden);
        assert_eq!(key(&[Permission::CustomersRead]).reads(phone), Shown::Whole);
        assert_eq!(key(Permission::ALL).reads(PersonalData::Login), Shown::Hidden);
    }
}
