//! Returning freed memory to the operating system.
//!
//! glibc keeps freed memory in per-thread arenas, and keeps more the larger the allocations are
//! that a process has ever freed.

/// Makes large allocations return to the system as soon as they are freed. Call once, before any
/// thread is started.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe way to the allocator")]
pub fn release_large_allocations() {
    /// Allocations of this size and above are mapped separately. Setting it also stops glibc from
    /// raising the threshold dynamically.
    const LARGE_ALLOCATION_BYTES: i32 = 256 * 1024;
    // SAFETY: `mallopt` only sets numbers and accepts any value.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE_ALLOCATION_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE_ALLOCATION_BYTES);
    }
}

/// Returns free memory between allocations to the system. Call after memory-intensive work.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "there is no safe way to the allocator")]
pub fn trim_heap() {
    // SAFETY: `malloc_trim` has no preconditions and is thread-safe.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators need no help.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn release_large_allocations() {}

/// Other allocators need no help.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn trim_heap() {}
