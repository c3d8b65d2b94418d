//! MAC addresses of network devices.

use crate::text::plain_code;

/// A MAC address (EUI-48), for example `FC:EC:DA:0A:1B:2C`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MacAddress([u8; 6]);

impl MacAddress {
    /// Parses every usual spelling: with colons, dashes, in groups of four with dots, or bare; with or
    /// without the label `MAC`. `None` if the text is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = plain_code(text).to_ascii_uppercase();
        let text = text.strip_prefix("MAC").unwrap_or(&text).trim_start_matches([':', ' ', '=']);
        let groups: Vec<&str> = text.split([':', '-', '.', ' ']).collect();
        let regular = match groups.len() {
            1 => text.len() == 12,
            3 => groups.iter().all(|group| group.len() == 4),
            6 => groups.iter().all(|group| group.len() == 2),
            _ => false,
        };
        let digits = groups.concat();
        if !regular || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 6];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[index * 2..index * 2 + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for MacAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pairs: Vec<String> = self.0.iter().map(|byte| format!("{byte:02X}")).collect();
        f.write_str(&pairs.join(":"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::MacAddress;

    #[test]
    fn every_usual_spelling_is_the_same_address() {
        for text in [
            "FC:EC:DA:0A:1B:2C",
            "fc-ec-da-0a-1b-2c",
            "fcec.da0a.1b2c",
            "FCECDA0A1B2C",
            "MAC: FC:EC:DA:0A:1B:2C",
        ] {
            let parsed = MacAddress::parse(text).map(|mac| mac.to_string());
            assert_eq!(parsed.as_deref(), Some("FC:EC:DA:0A:1B:2C"), "{text}");
        }
        for text in ["", "ZTEGC8A1B2C3", "FC:EC:DA:0A:1B", "FCE:CDA:0A1:B2C", "FCECDA0A1B2"] {
            assert_eq!(MacAddress::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_printed_address_parses_back_to_itself(bytes in any::<[u8; 6]>()) {
            let address = MacAddress(bytes);
            prop_assert_eq!(MacAddress::parse(&address.to_string()), Some(address));
        }
    }
}
