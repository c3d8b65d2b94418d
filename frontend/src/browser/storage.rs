//! Storage of the browser: for good, and of one tab. Settings can forbid it, so nothing here fails.

use web_sys::Storage;

fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Returns the stored text of a key.
pub fn read(key: &str) -> Option<String> {
    local()?.get_item(key).ok().flatten()
}

/// Stores a text under a key.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = local() {
        // If the storage is full or forbidden, only the choice is not remembered.
        let _ = storage.set_item(key, value);
    }
}

/// Removes a key.
pub fn remove(key: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(key);
    }
}

/// Storage of this tab, which survives a reload and ends with the tab.
pub mod tab {
    use web_sys::Storage;

    fn session() -> Option<Storage> {
        web_sys::window()?.session_storage().ok().flatten()
    }

    /// Returns the stored text of a key.
    pub fn read(key: &str) -> Option<String> {
        session()?.get_item(key).ok().flatten()
    }

    /// Stores a text under a key.
    pub fn write(key: &str, value: &str) {
        if let Some(storage) = session() {
            // If the storage is full or forbidden, the text only lives as long as the page.
            let _ = storage.set_item(key, value);
        }
    }

    /// Removes everything.
    pub fn clear() {
        if let Some(storage) = session() {
            let _ = storage.clear();
        }
    }

    /// Removes a key.
    pub fn remove(key: &str) {
        if let Some(storage) = session() {
            let _ = storage.remove_item(key);
        }
    }
}
