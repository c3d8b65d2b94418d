//! From where a request comes.

use std::net::IpAddr;

use actix_web::HttpRequest;
use shared::cidr::cut;

/// Whoever has one IPv6 address usually has all of these.
const IPV6_CUSTOMER: u8 = 64;

/// The address of the caller; behind a trusted proxy, the one that the proxy saw. An IPv4 address
/// written as IPv6 is given as IPv4.
pub fn of(request: &HttpRequest, trust_proxy: bool) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    if !trust_proxy {
        return peer;
    }
    // The nearest proxy appends to the header: only its last entry is its own word.
    let forwarded = request.headers().get_all("x-forwarded-for").last();
    forwarded
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .or(peer)
}

/// What one caller can't easily change of its address: what requests are counted by.
pub fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(_) => cut(address, IPV6_CUSTOMER),
    }
}
