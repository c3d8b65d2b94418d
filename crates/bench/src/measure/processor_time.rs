//! Processor time of a process (Linux).

use std::fs::read_to_string;

/// Clock ticks per second in `/proc`, on every architecture of Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// The processor time that a process has used, in milliseconds; `None` where there is no `/proc`.
pub fn milliseconds_used(process: u32) -> Option<f64> {
    parse(&read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// The fields 14 and 15: time in user mode and in the kernel. The second field is a name in brackets,
/// which may contain blanks.
fn parse(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND * 1e3)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn time_in_user_mode_and_in_the_kernel_is_added() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 900 0 1 0 250 50 0 0 20 0 8 0 1 1 1";
        assert_eq!(parse(stat), Some(3_000.0));
        assert_eq!(parse("nothing"), None);
    }
}
