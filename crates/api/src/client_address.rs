//! Client IP address from the socket or a trusted proxy.

use std::net::{IpAddr, SocketAddr};

use actix_web::HttpRequest;

/// Returns the IP address of the caller; behind a trusted proxy, the one that the proxy saw. An
/// IPv4-mapped IPv6 address is returned as IPv4.
pub fn from_request(request: &HttpRequest, trust_proxy: bool) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    if !trust_proxy {
        return peer;
    }
    // Each proxy appends to the header: only the last entry was written by the trusted one.
    let forwarded = request.headers().get_all("x-forwarded-for").last();
    forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(parse)
        .or(peer)
}

/// Returns the IP address of the caller as text.
pub fn client_ip(request: &HttpRequest, trust_proxy: bool) -> Option<String> {
    from_request(request, trust_proxy).map(|address| address.to_string())
}

/// Parses an address on its own, in brackets, or with a port: proxies differ.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let alone = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = alone
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()))
        .ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_addresses_are_parsed_in_every_notation() {
        let v4 = "203.0.113.7".parse().ok();
        for text in
            ["203.0.113.7", " 203.0.113.7:4711 ", "::ffff:203.0.113.7", "[::ffff:203.0.113.7]:1"]
        {
            assert_eq!(parse(text), v4, "{text}");
        }
        let v6 = "2001:db8::1".parse().ok();
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"] {
            assert_eq!(parse(text), v6, "{text}");
        }
        for text in [
            "",
            "rumah",
            "_hidden",
            "unknown",
            "203.0.113.7:",
            "203.0.113.7:99999",
            "[::1",
            "1.2.3",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
