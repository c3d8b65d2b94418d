//! Lock shared by the tabs of one browser (Web Locks API).

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(js_namespace = navigator, js_name = locks, thread_local_v2)]
    static LOCKS: Option<LockManager>;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, work: &JsValue) -> Promise;
}

/// A held lock; dropping it releases it.
pub struct TabLock {
    release: Option<Function>,
}

impl Drop for TabLock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits for the lock. Browsers offer locks on secure addresses only; elsewhere this returns at once.
pub async fn acquire(name: &str) -> TabLock {
    let mut release = None;
    let entered = LOCKS.with(|locks| {
        let locks = locks.as_ref()?;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        Some(Promise::new(&mut |resolve, _| {
            let held = held.clone();
            let work = Closure::once_into_js(move || {
                let _ = resolve.call0(&JsValue::UNDEFINED);
                held
            });
            // This promise settles when the lock is released; nothing waits for it.
            let _ = locks.request(name, &work);
        }))
    });
    if let Some(entered) = entered {
        let _ = JsFuture::from(entered).await;
    }
    TabLock { release }
}
