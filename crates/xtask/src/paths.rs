//! Paths of the repository, the build folders and the tools.

use std::env;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Cargo's target folder for the host.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Target folder of the browser application, which may be built by another compiler than the server.
pub fn spa_target() -> PathBuf {
    target().join("spa")
}

/// The sizes that a release build of the browser application has written.
pub fn spa_sizes() -> PathBuf {
    spa_target().join("chunks").join("sizes.json")
}

/// The frontend's folder.
pub fn frontend() -> PathBuf {
    root().join("frontend")
}

/// The built browser application, which the server embeds.
pub fn dist() -> PathBuf {
    frontend().join("dist")
}

/// The server binary of a profile.
pub fn server_binary(profile: &str) -> PathBuf {
    target().join(profile).join(format!("isp-server{}", env::consts::EXE_SUFFIX))
}

/// The folder of installed tools: per user, not per checkout, so that a fresh clone is quick.
/// `ISP_TOOLS_DIR` overrides it.
pub fn tools() -> PathBuf {
    if let Some(dir) = env::var_os("ISP_TOOLS_DIR") {
        return PathBuf::from(dir);
    }
    let cache = if let Some(dir) = env::var_os("XDG_CACHE_HOME") {
        PathBuf::from(dir)
    } else if let Some(dir) = env::var_os("LOCALAPPDATA") {
        PathBuf::from(dir)
    } else {
        env::home_dir().unwrap_or_else(env::temp_dir).join(".cache")
    };
    cache.join("isp-management").join("tools")
}

/// The folder of one version of a tool.
pub fn tool(name: &str, version: &str) -> PathBuf {
    tools().join(format!("{name}-{version}"))
}
