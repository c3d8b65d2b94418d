//! Memory that a large piece of work leaves behind.

/// Gives what is free back to the system. To be called on the thread of a piece of work that took
/// much: glibc keeps freed memory for ever otherwise, a part of it for each thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe way to the allocator")]
pub fn give_back() {
    // SAFETY: `malloc_trim` asks for nothing of its caller and may run beside anything.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators give it back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
