//! The process that holds a lock on a SQLite file, for error messages.

use std::path::Path;

/// Returns the process that holds a lock of the database, as `sqlite3 (process 4711)`. Linux only.
#[cfg(target_os = "linux")]
pub(crate) fn lock_holder(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    // In WAL mode writers lock the shared-memory file.
    let files = [path.to_owned(), super::data_file::sibling_path(path, "-shm")];
    let inodes: Vec<u64> =
        files.iter().filter_map(|file| std::fs::metadata(file).ok()).map(|it| it.ino()).collect();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let own = std::process::id();
    let holder = locks
        .lines()
        .filter_map(holder_and_inode)
        .find(|(process, inode, writes)| *process != own && inodes.contains(inode) && *writes);
    let (process, ..) = holder?;
    let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    Some(format!("{} (process {process})", name.trim()))
}

/// Parses a line such as `1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 0 EOF`.
#[cfg(target_os = "linux")]
fn holder_and_inode(line: &str) -> Option<(u32, u64, bool)> {
    let mut words = line.split_whitespace().skip(3);
    let writes = words.next()? == "WRITE";
    let process = words.next()?.parse().ok()?;
    let inode = words.next()?.rsplit(':').next()?.parse().ok()?;
    Some((process, inode, writes))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn lock_holder(_: &Path) -> Option<String> {
    None
}
