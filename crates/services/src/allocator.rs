//! Return of freed memory to the operating system.
//!
//! glibc keeps what was freed, a part of it for each thread, and more the larger the pieces are that
//! a process has ever freed.

/// Makes large pieces go back as soon as they are free. To be called once, before there are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe way to the allocator")]
pub fn release_large_allocations() {
    /// From this size on a piece stands by itself, in bytes. Set once, it no longer grows.
    const LARGE_ALLOCATION_BYTES: i32 = 256 * 1024;
    // SAFETY: `mallopt` only sets numbers, and takes any of them.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_ALLOCATION_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE_ALLOCATION_BYTES);
    }
}

/// Gives back what is free between pieces that are in use. To be called after a piece of work that
/// took much.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe way to the allocator")]
pub fn trim_heap() {
    // SAFETY: `malloc_trim` asks for nothing of its caller and may run beside anything.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators do it by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_large_pieces_back() {}

/// Other allocators do it by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
