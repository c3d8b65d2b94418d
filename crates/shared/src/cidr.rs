//! Networks of IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::ErrorCode;

/// A network such as `203.0.113.0/24`; a single address is a network with one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// Parses `ADDRESS` or `ADDRESS/PREFIX`. Host bits are cleared.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidAddress`]
    pub fn parse(text: &str) -> Result<Self, ErrorCode> {
        let bad = |_| ErrorCode::InvalidAddress;
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(bad)?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| ErrorCode::InvalidAddress)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(longest);
        if prefix > longest {
            return Err(ErrorCode::InvalidAddress);
        }
        Ok(Self { network: mask_address(address, prefix), prefix })
    }

    /// Whether the network contains the address. An IPv4-mapped IPv6 address counts as IPv4.
    pub fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.network.is_ipv4()
            && mask_address(address, self.prefix) == self.network
    }
}

/// The address without its host bits.
fn mask_address(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix.min(32))).unwrap_or(0);
            Ipv4Addr::from_bits(v4.to_bits() & mask).into()
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix.min(128))).unwrap_or(0);
            Ipv6Addr::from_bits(v6.to_bits() & mask).into()
        }
    }
}

/// Prefix that one IPv6 customer usually controls.
const IPV6_CUSTOMER_PREFIX: u8 = 64;

/// Prefix that a provider usually assigns to an organisation.
const IPV6_SITE_PREFIX: u8 = 48;

/// The network that one caller usually controls; used as the counter key for rate limits. An
/// IPv4-mapped IPv6 address counts as IPv4.
pub fn customer_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        v4 @ IpAddr::V4(_) => v4,
        v6 @ IpAddr::V6(_) => mask_address(v6, IPV6_CUSTOMER_PREFIX),
    }
}

/// The network of a whole organisation; used as the counter key where single callers can not be
/// distinguished. IPv4 addresses stay single addresses.
pub fn site_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        v4 @ IpAddr::V4(_) => v4,
        v6 @ IpAddr::V6(_) => mask_address(v6, IPV6_SITE_PREFIX),
    }
}

impl std::fmt::Display for Cidr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        Cidr::parse(network).unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_contains_only_its_addresses() {
        assert!(holds("203.0.113.0/24", "203.0.113.255"));
        assert!(holds("203.0.113.77/24", "203.0.113.1"));
        assert!(!holds("203.0.113.0/24", "203.0.114.0"));
        assert!(holds("203.0.113.5", "203.0.113.5") && !holds("203.0.113.5", "203.0.113.6"));
        assert!(holds("0.0.0.0/0", "8.8.8.8") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(holds("::/0", "2001:db8::1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
    }

    #[test]
    fn invalid_networks_are_rejected() {
        for text in ["", "rumah", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/"] {
            assert_eq!(Cidr::parse(text), Err(ErrorCode::InvalidAddress), "{text}");
        }
        assert_eq!(Cidr::parse("10.1.2.3/8").unwrap().to_string(), "10.0.0.0/8");
    }
}
