//! From where a request comes.

use std::net::IpAddr;

use actix_web::HttpRequest;

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
