//! Local storage of the browser. Settings can forbid it, so nothing here fails.

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Returns the stored text of a key.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Stores a text under a key.
pub fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // If the storage is full or forbidden, only the choice is not remembered.
        let _ = storage.set_item(key, value);
    }
}

/// Removes a key.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
