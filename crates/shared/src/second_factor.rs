//! Second factor: a one-time code (TOTP, RFC 6238) or a recovery code.

use serde::{Deserialize, Serialize};

use crate::permission::Role;

crate::text_enum! {
    /// Which roles must have a second factor.
    #[derive(Default)]
    SecondFactorDemand {
        /// Optional for everybody.
        #[default]
        None => "none",
        /// Superadmins and admins.
        Admins => "admins",
        /// Everybody except technicians.
        Office => "office",
    }
}

impl SecondFactorDemand {
    /// Whether the role must have a second factor.
    pub const fn applies_to(self, role: Role) -> bool {
        match self {
            SecondFactorDemand::None => false,
            SecondFactorDemand::Admins => matches!(role, Role::Superadmin | Role::Admin),
            SecondFactorDemand::Office => !matches!(role, Role::User),
        }
    }
}

/// `GET /api/auth/second-factor`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorStatus {
    pub enabled: bool,
    /// The organisation requires a second factor for the caller's role.
    pub required: bool,
    pub recovery_codes_left: i64,
}

/// `POST /api/auth/second-factor/setup`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorSetupRequest {
    pub current_password: String,
}

/// Data for the authenticator app. Shown once; valid only after confirmation.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorSetup {
    /// Base32, for manual entry.
    pub secret: String,
    /// `otpauth://totp/…`: the content of the QR code.
    pub otpauth_url: String,
    /// QR code as a complete SVG document.
    pub qr_svg: String,
}

/// `POST /api/auth/second-factor/confirm`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorConfirm {
    /// Six digits of the authenticator app.
    pub otp: String,
}

/// `POST /api/auth/second-factor/recovery-codes`, `POST /api/auth/second-factor/disable`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorProof {
    pub current_password: String,
    /// Six digits of the authenticator app, or a recovery code.
    pub otp: String,
}

/// Recovery codes; each can be used once instead of the app. Shown only now.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    pub recovery_codes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technicians_never_need_a_second_factor_and_admins_need_it_unless_nobody_does() {
        for &demand in SecondFactorDemand::ALL {
            assert!(!demand.applies_to(Role::User), "{demand}");
            assert_eq!(
                demand.applies_to(Role::Admin),
                demand != SecondFactorDemand::None,
                "{demand}"
            );
        }
        assert!(!SecondFactorDemand::Admins.applies_to(Role::Manager));
        assert!(SecondFactorDemand::Office.applies_to(Role::Manager));
    }
}
