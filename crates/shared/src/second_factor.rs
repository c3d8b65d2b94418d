//! The second factor: a code that changes every 30 seconds (TOTP, RFC 6238), or a recovery code.

use serde::{Deserialize, Serialize};

use crate::permission::Role;

crate::text_enum! {
    /// Who has to have a second factor.
    #[derive(Default)]
    SecondFactorDemand {
        /// Nobody has to; everybody may.
        #[default]
        None => "none",
        /// Superadmins and admins.
        Admins => "admins",
        /// Everybody but technicians.
        Office => "office",
    }
}

impl SecondFactorDemand {
    /// Whether it reaches a login of this role.
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
    /// The organisation demands one of the caller's role.
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

/// What the app on the phone needs. It is shown once and works only after it was confirmed.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecondFactorSetup {
    /// Base32, to be typed where no picture can be taken.
    pub secret: String,
    /// `otpauth://totp/…`: the content of the picture.
    pub otpauth_url: String,
    /// The picture (QR code): a complete SVG document.
    pub qr_svg: String,
}

/// `POST /api/auth/second-factor/confirm`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorConfirm {
    /// Six digits of the app.
    pub otp: String,
}

/// `POST /api/auth/second-factor/recovery-codes`, `POST /api/auth/second-factor/disable`
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SecondFactorProof {
    pub current_password: String,
    /// Six digits of the app, or a recovery code.
    pub otp: String,
}

/// Codes that each replace the app once. They are shown only now.
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
