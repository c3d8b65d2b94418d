//! Password policy: length, and a check against common passwords and names.

use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;

use flate2::read::DeflateDecoder;
use rand::Rng;
use rand::distr::Alphanumeric;
use shared::ErrorCode;
use shared::session::PasswordPolicy;
use shared::validate::FieldFault;

/// Common passwords, one per line, compressed; see `data/README.md`.
static COMMON_PASSWORDS: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/common-passwords.deflate"));

/// Names of the product.
const PRODUCT_NAMES: [&str; 2] = ["ispmanagement", "ispserver"];
/// Shorter names occur in too many words to be searched for inside a password.
const MIN_WORD_CHARS: usize = 4;
/// More digits and punctuation than this around a common word make a different password.
const MAX_AFFIX_CHARS: usize = 8;
/// A shorter core is not compared.
const MIN_CORE_CHARS: usize = 3;

/// Password rules of this installation (ASVS 5.0, 6.2.1 to 6.2.5 and 6.2.11): minimum length, and
/// not one that attackers try first.
#[derive(Debug, Clone)]
pub struct PasswordRules {
    policy: PasswordPolicy,
    /// Lower-case names without punctuation.
    words: Arc<[String]>,
}

impl PasswordRules {
    /// The organisation's name is derived from the host of the public URL.
    pub fn new(policy: PasswordPolicy, public_url: &str) -> Self {
        let product = PRODUCT_NAMES.iter().map(|word| (*word).to_owned());
        Self { policy, words: product.chain(organisation_names(public_url)).collect() }
    }

    /// The part of the rules that a browser can check.
    pub fn policy(&self) -> PasswordPolicy {
        self.policy
    }

    /// Checks a new password for the user name `username`.
    ///
    /// # Errors
    /// Faults of `field`: `TooShort`, `TooLong`, `WeakPassword`, `PasswordContainsName`,
    /// `CommonPassword`.
    pub fn check(
        &self,
        field: &str,
        password: &str,
        username: &str,
    ) -> Result<(), Vec<FieldFault>> {
        self.policy.check(field, password)?;
        let fault = |code| Err(vec![FieldFault::new(field, code)]);
        if self.contains_name(password, username) {
            return fault(ErrorCode::PasswordContainsName);
        }
        if is_common(password) {
            return fault(ErrorCode::CommonPassword);
        }
        Ok(())
    }

    /// Generates a random alphanumeric password of at least `length` characters that satisfies the
    /// rules.
    pub fn generate(&self, username: &str, length: usize) -> String {
        let length = self.policy.min_length.max(length);
        loop {
            let characters = rand::rng().sample_iter(Alphanumeric).take(length);
            let password: String = characters.map(char::from).collect();
            if self.check("password", &password, username).is_ok() {
                return password;
            }
        }
    }

    fn contains_name(&self, password: &str, username: &str) -> bool {
        let plain = lowercase_alphanumeric(password);
        let decoded = lowercase_alphanumeric(&decode_leetspeak(&password.to_lowercase()));
        let inside = |word: &str| plain.contains(word) || decoded.contains(word);
        let name = lowercase_alphanumeric(username);
        let named = if name.len() < MIN_WORD_CHARS { plain == name } else { inside(&name) };
        named || self.words.iter().any(|word| inside(word))
    }
}

/// The labels of a host without its last one: `billing.jayanet.co.id` yields `billing` and
/// `jayanet`.
fn organisation_names(public_url: &str) -> impl Iterator<Item = String> {
    let host = public_url.split("://").last().unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let host = if host.parse::<IpAddr>().is_ok() { "" } else { host };
    let names = host
        .rsplit('.')
        .skip(1)
        .map(lowercase_alphanumeric)
        .filter(|name| name.len() >= MIN_WORD_CHARS);
    names.collect::<Vec<_>>().into_iter()
}

fn lowercase_alphanumeric(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Replaces digits and punctuation by the letters they stand for.
fn decode_leetspeak(text: &str) -> String {
    let letter = |c| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// Whether the password is common, ignoring case, leading and trailing digits and punctuation, and
/// leetspeak.
fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    if lower.chars().all(|c| Some(c) == first) {
        return true;
    }
    let around = |c: char| !c.is_alphabetic();
    let cores = [lower.trim_matches(around), lower.trim_end_matches(around)];
    let cores = cores.into_iter().filter(|core| {
        core.chars().count() >= MIN_CORE_CHARS && lower.len() - core.len() <= MAX_AFFIX_CHARS
    });
    let mut tried = vec![lower.clone(), decode_leetspeak(&lower)];
    for core in cores {
        tried.extend([core.to_owned(), decode_leetspeak(core)]);
    }
    let mut list = String::new();
    if let Err(error) = DeflateDecoder::new(COMMON_PASSWORDS).read_to_string(&mut list) {
        unreachable!("written by the build: {error}");
    }
    list.lines().any(|common| tried.iter().any(|tried| tried == common))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str) -> Option<ErrorCode> {
        let policy = PasswordPolicy { min_length: 8, complex: true };
        let rules = PasswordRules::new(policy, "https://isp.jayanet.co.id");
        rules.check("password", password, "siti.rahayu").err().map(|faults| faults[0].code)
    }

    #[test]
    fn variants_of_common_passwords_are_rejected() {
        for password in [
            "Password1",
            "Password123!",
            "P@ssw0rd2026",
            "Admin@1234",
            "Qwerty12345",
            "1Q2w3e4r5t",
            "Rahasia123",
            "Rahasia-2026",
            "Bismillah1",
            "5Ayangku99!",
            "Indonesia#45",
            "Doraemon12",
            "Persebaya1927",
            "IndiHome123",
            "Teknisi-01",
            "Aaaaaaaa1",
        ] {
            assert_eq!(refused(password), Some(ErrorCode::CommonPassword), "{password}");
        }
    }

    #[test]
    fn a_generated_password_meets_the_strictest_policy() {
        for min_length in [6, 128] {
            let policy = PasswordPolicy { min_length, complex: true };
            let rules = PasswordRules::new(policy, "https://isp.example.id");
            assert!(rules.check("password", &rules.generate("budi", 20), "budi").is_ok());
        }
    }

    #[test]
    fn uncommon_passwords_are_accepted() {
        for password in
            ["Sawah-Hijau-123", "Kopi tubruk tanpa gula 7", "xK9#mQ2vLp", "Password-Tetangga-9"]
        {
            assert_eq!(refused(password), None, "{password}");
        }
    }

    #[test]
    fn passwords_containing_user_product_or_organisation_names_are_rejected() {
        for password in
            ["Siti-Rahayu-77", "xxS1t1Rahayuxx9", "Kantor-JayaNet-1", "ISP-Management-7"]
        {
            assert_eq!(refused(password), Some(ErrorCode::PasswordContainsName), "{password}");
        }
    }

    #[test]
    fn a_short_user_name_is_rejected_only_as_the_whole_password() {
        let policy = PasswordPolicy { min_length: 3, complex: false };
        let rules = PasswordRules::new(policy, "http://192.168.10.2:3001");
        assert!(rules.check("password", "ani", "ani").is_err());
        assert!(rules.check("password", "kompani-baru", "ani").is_ok());
        assert_eq!(rules.words.len(), PRODUCT_NAMES.len());
    }
}
