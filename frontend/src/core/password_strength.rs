//! Password strength. The estimator is large and slow, so it runs in a worker that is loaded when a password field
//! gets the focus.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::Lang;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// The estimate of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Strength {
    /// 0 (among the first guesses) to 4.
    pub score: u8,
    /// What makes it weak and what would help, in the current language.
    pub hints: Vec<String>,
}

/// A request to the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct StrengthRequest {
    password: String,
    /// Words that everybody knows about the person.
    known_words: Vec<String>,
    lang: Lang,
}

/// The checker of one field.
#[derive(Clone)]
pub struct StrengthChecker(Rc<Inner>);

struct Inner {
    worker: RefCell<Option<RunningWorker>>,
    busy: Cell<bool>,
    /// The newest input while the worker was busy.
    next: RefCell<Option<StrengthRequest>>,
    answer: RwSignal<Option<Strength>>,
}

struct RunningWorker {
    worker: web_sys::Worker,
    _listeners: [Closure<dyn Fn(web_sys::MessageEvent)>; 2],
}

impl Drop for RunningWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl StrengthChecker {
    /// Creates a checker that writes its estimates into `answer`. Nothing is loaded yet.
    pub fn new(answer: RwSignal<Option<Strength>>) -> Self {
        Self(Rc::new(Inner {
            worker: RefCell::default(),
            busy: Cell::default(),
            next: RefCell::default(),
            answer,
        }))
    }

    /// Loads the worker unless it is running. Without it the field still works.
    pub fn load(&self) {
        if self.0.worker.borrow().is_none() {
            self.0.busy.set(false);
            let running = worker_url().and_then(|worker_url| self.start(&worker_url).ok());
            self.0.worker.replace(running);
        }
    }

    /// Stops the worker.
    pub fn stop(&self) {
        self.0.worker.replace(None);
    }

    /// Estimates the current input; the previous estimate stays until the next one arrives.
    pub fn check(&self, password: String, known_words: Vec<String>, lang: Lang) {
        if password.is_empty() {
            self.0.next.replace(None);
            self.0.answer.try_set(None);
            return;
        }
        self.0.next.replace(Some(StrengthRequest { password, known_words, lang }));
        self.send();
    }

    fn send(&self) {
        if self.0.busy.get() {
            return;
        }
        let worker = self.0.worker.borrow();
        let Some(running) = worker.as_ref() else { return };
        let request = self.0.next.take();
        if let Some(text) = request.and_then(|request| serde_json::to_string(&request).ok()) {
            self.0.busy.set(running.worker.post_message(&text.into()).is_ok());
        }
    }

    fn start(&self, worker_url: &str) -> Result<RunningWorker, JsValue> {
        let options = web_sys::WorkerOptions::new();
        options.set_type(web_sys::WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(worker_url, &options)?;
        let checker = Rc::downgrade(&self.0);
        let answered = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event| {
            if let Some(inner) = checker.upgrade() {
                StrengthChecker(inner).on_answer(&event);
            }
        });
        let checker = Rc::downgrade(&self.0);
        let failed = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |_| {
            // The next focus of the field tries again.
            if let Some(inner) = checker.upgrade() {
                inner.worker.replace(None);
                inner.answer.try_set(None);
            }
        });
        worker.set_onmessage(Some(answered.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Ok(RunningWorker { worker, _listeners: [answered, failed] })
    }

    fn on_answer(self, event: &web_sys::MessageEvent) {
        self.0.busy.set(false);
        let text = event.data().as_string().unwrap_or_default();
        // The field may have been emptied meanwhile.
        if let Ok(answer) = serde_json::from_str(&text) {
            self.0.answer.try_set(Some(answer));
        }
        self.send();
    }
}

/// Returns the address of the worker; the build writes it into the start page.
fn worker_url() -> Option<String> {
    let meta = document().query_selector("meta[name=isp-strength]").ok()??;
    meta.get_attribute("content")
}
