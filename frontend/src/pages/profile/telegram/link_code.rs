//! Link code for the Telegram bot.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::telegram::TelegramCode;

use crate::browser::organisation_time;
use crate::components::reveal_once::SecretText;
use crate::core::format;
use crate::{tl, tr};

/// Interval of the countdown.
const TICK: Duration = Duration::from_secs(1);

/// Shows the code until it expires.
#[component]
pub fn LinkCode(
    code: TelegramCode,
    /// Called for another code.
    #[prop(into)]
    on_again: Callback<()>,
) -> impl IntoView {
    let left = seconds_left(code.expires_at);
    let code = StoredValue::new(code);
    let over = move || left.get() == 0;
    view! {
        <Show
            when=move || !over()
            fallback=move || {
                view! {
                    <div class="flex flex-col items-start gap-3">
                        <p>{tl!(profile.telegram.too_old)}</p>
                        <button
                            type="button"
                            class="btn btn-primary"
                            on:click=move |_| on_again.run(())
                        >
                            {tl!(profile.telegram.again)}
                        </button>
                    </div>
                }
            }
        >
            {move || view! { <CodeDetails code=code.get_value() left=left /> }}
        </Show>
    }
}

#[component]
fn CodeDetails(code: TelegramCode, left: RwSignal<i64>) -> impl IntoView {
    // As an image the SVG document cannot run scripts.
    let picture = code.qr_svg.map(|svg| {
        let source =
            format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(&svg)));
        view! {
            <p>{tl!(profile.telegram.scan)}</p>
            <img
                src=source
                alt=tl!(profile.telegram.picture)
                class="size-56 self-center rounded-field bg-white p-2"
                data-testid="telegram-qr"
            />
        }
    });
    let link = code.link.map(|link| {
        view! {
            <a
                href=link
                target="_blank"
                rel="noopener external"
                class="btn btn-primary"
                data-testid="telegram-open"
            >
                {tl!(profile.telegram.open)}
            </a>
        }
    });
    let clock = move || format::countdown(u32::try_from(left.get()).unwrap_or_default());
    view! {
        <div class="flex flex-col gap-4" data-testid="telegram-code">
            {picture}
            {link}
            <div class="flex flex-col gap-1">
                <p class="text-sm text-muted">{tl!(profile.telegram.or_type)}</p>
                <SecretText
                    text=format!("/start {}", code.code)
                    label=tl!(profile.telegram.code)
                    testid="link-code"
                />
            </div>
            <p class="text-sm text-muted" data-testid="telegram-left">
                {move || tr!(profile.telegram.left, left = clock()).to_string()}
            </p>
        </div>
    }
}

/// Returns a countdown that runs while the surrounding component is mounted.
fn seconds_left(until: DateTime<Utc>) -> RwSignal<i64> {
    let remaining = move || (until - organisation_time::now()).num_seconds().max(0);
    let left = RwSignal::new(remaining());
    // Without a timer the server refuses the expired code instead.
    if let Ok(timer) = set_interval_with_handle(move || left.set(remaining()), TICK) {
        on_cleanup(move || timer.clear());
    }
    left
}
