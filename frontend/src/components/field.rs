//! Form fields: label, hint, control and fault.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::form::Form;
use super::icon::{Icon, IconName};
use crate::core::format;
use crate::tr;

/// Label, hint and fault around a control, whose id is `f-<name>`.
#[component]
pub fn FieldFrame(
    form: Form,
    /// Path of the field in the request.
    name: &'static str,
    #[prop(into)] label: TextProp,
    #[prop(default = None)] hint: Option<TextProp>,
    #[prop(optional)] required: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-1">
            <label for=format!("f-{name}") class="text-sm font-medium">
                {move || label.get()}
                {required.then(|| view! { <span class="text-error" aria-hidden="true">" *"</span> })}
            </label>
            {children()}
            {hint
                .map(|hint| {
                    view! {
                        <p id=format!("f-{name}-hint") class="text-sm text-muted">
                            {move || hint.get()}
                        </p>
                    }
                })}
            <FieldFault form=form name=name />
        </div>
    }
}

/// The fault of a field, below it.
#[component]
pub fn FieldFault(form: Form, #[prop(into)] name: String) -> impl IntoView {
    let id = fault_id(&name);
    view! {
        <p id=id class="flex items-start gap-1 text-sm text-error empty:hidden" aria-live="polite">
            {move || {
                form.fault(&name)
                    .map(|text| {
                        view! {
                            <Icon name=IconName::Alert class="mt-0.5 size-3.5 shrink-0" />
                            <span>{text}</span>
                        }
                    })
            }}
        </p>
    }
}

/// Focuses a field when it appears. Browsers do so at the first page load only.
pub fn focus_when_mounted<E>(node: NodeRef<E>, wanted: bool)
where
    E: leptos::html::ElementType,
    E::Output: JsCast + Clone + 'static,
{
    if wanted {
        Effect::new(move || {
            if let Some(element) = node.get() {
                request_animation_frame(move || {
                    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
                        let _ = element.focus();
                    }
                });
            }
        });
    }
}

/// Returns the ids of the elements that explain a field: its hint, if there is one, and its fault.
pub fn described_by(name: &str, has_hint: bool) -> String {
    if has_hint { format!("f-{name}-hint f-{name}-fault") } else { fault_id(name) }
}

/// Returns the id of the element that shows the fault of a field.
pub fn fault_id(name: &str) -> String {
    format!("f-{name}-fault")
}

/// Single-line text field.
#[component]
pub fn TextField(
    form: Form,
    /// Path of the field in the request.
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional)] required: bool,
    /// Type of the input: `text`, `password`, `tel`, `email`, `number`, `datetime-local` …
    #[prop(default = "text")]
    kind: &'static str,
    /// Keyboard of a phone: `decimal`, `numeric` …
    #[prop(optional)]
    inputmode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] placeholder: Option<&'static str>,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Input>::new();
    focus_when_mounted(node, autofocus);
    let described_by = described_by(name, hint.is_some());
    view! {
        <FieldFrame form=form name=name label=label hint=hint required=required>
            <input
                node_ref=node
                id=format!("f-{name}")
                name=name
                type=kind
                class="input w-full"
                class:input-error=move || form.fault(name).is_some()
                inputmode=inputmode
                autocomplete=autocomplete
                placeholder=placeholder
                aria-required=required.to_string()
                aria-invalid=move || form.fault(name).is_some().to_string()
                aria-describedby=described_by
                disabled=move || form.pending.get()
                prop:value=move || value.get()
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    form.clear_fault(name);
                }
                data-testid=format!("field-{name}")
            />
            {(kind == "datetime-local").then(format::foreign_zone).flatten().map(|zone| view! {
                <p class="text-sm text-muted" data-testid=format!("zone-{name}")>{zone}</p>
            })}
        </FieldFrame>
    }
}

/// Multi-line text field.
#[component]
pub fn TextArea(
    form: Form,
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Textarea>::new();
    focus_when_mounted(node, autofocus);
    let described_by = described_by(name, hint.is_some());
    view! {
        <FieldFrame form=form name=name label=label hint=hint required=required>
            <textarea
                node_ref=node
                id=format!("f-{name}")
                name=name
                rows=rows.to_string()
                class="textarea w-full"
                class:textarea-error=move || form.fault(name).is_some()
                aria-required=required.to_string()
                aria-invalid=move || form.fault(name).is_some().to_string()
                aria-describedby=described_by
                disabled=move || form.pending.get()
                prop:value=move || value.get()
                on:input=move |event| {
                    value.set(event_target_value(&event));
                    form.clear_fault(name);
                }
                data-testid=format!("field-{name}")
            ></textarea>
        </FieldFrame>
    }
}

/// Select field. The value is the text of the API; empty is none.
#[component]
pub fn SelectField(
    form: Form,
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<String>,
    /// Value and label of each option. Tracks, so the labels may follow the language.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(optional, into)] hint: Option<TextProp>,
    #[prop(optional)] required: bool,
    /// Offers an empty option first.
    #[prop(optional)]
    empty: bool,
) -> impl IntoView {
    let described_by = described_by(name, hint.is_some());
    view! {
        <FieldFrame form=form name=name label=label hint=hint required=required>
            <select
                id=format!("f-{name}")
                name=name
                class="select w-full"
                class:select-error=move || form.fault(name).is_some()
                aria-required=required.to_string()
                aria-invalid=move || form.fault(name).is_some().to_string()
                aria-describedby=described_by
                disabled=move || form.pending.get()
                on:change=move |event| {
                    value.set(event_target_value(&event));
                    form.clear_fault(name);
                }
                data-testid=format!("field-{name}")
            >
                {move || {
                    let chosen = value.get();
                    let none = empty
                        .then(|| {
                            view! {
                                <option value="" selected=chosen.is_empty()>
                                    {tr!(common.choose)}
                                </option>
                            }
                        });
                    let choices = options
                        .get()
                        .into_iter()
                        .map(|(code, label)| {
                            let selected = code == chosen;
                            view! {
                                <option value=code selected=selected>
                                    {label}
                                </option>
                            }
                        })
                        .collect_view();
                    (none, choices)
                }}
            </select>
        </FieldFrame>
    }
}

/// Radio buttons side by side: for few values, one tap instead of two.
#[component]
pub fn ChoiceField(
    form: Form,
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<String>,
    /// Value and label of each option. Tracks, so the labels may follow the language.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    view! {
        <fieldset
            class="flex flex-col gap-1"
            role="radiogroup"
            aria-labelledby=format!("f-{name}-label")
            aria-describedby=fault_id(name)
            aria-invalid=move || form.fault(name).is_some().to_string()
            aria-required=required.to_string()
            disabled=move || form.pending.get()
        >
            <legend id=format!("f-{name}-label") class="mb-1 text-sm font-medium">
                {move || label.get()}
                {required.then(|| view! { <span class="text-error" aria-hidden="true">" *"</span> })}
            </legend>
            <div class="join flex-wrap">
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(code, label)| {
                            let own = code.clone();
                            let testid = format!("choice-{name}-{code}");
                            view! {
                                <input
                                    type="radio"
                                    name=name
                                    class="btn join-item font-normal"
                                    value=code
                                    aria-label=label
                                    prop:checked=move || value.get() == own
                                    on:change=move |event| {
                                        value.set(event_target_value(&event));
                                        form.clear_fault(name);
                                    }
                                    data-testid=testid
                                />
                            }
                        })
                        .collect_view()
                }}
            </div>
            <FieldFault form=form name=name />
        </fieldset>
    }
}

/// Checkbox.
#[component]
pub fn CheckField(
    form: Form,
    name: &'static str,
    #[prop(into)] label: TextProp,
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-1">
            <label class="flex min-h-9 cursor-pointer items-center gap-2">
                <input
                    id=format!("f-{name}")
                    type="checkbox"
                    name=name
                    class="checkbox checkbox-sm checkbox-primary"
                    class:checkbox-error=move || form.fault(name).is_some()
                    aria-invalid=move || form.fault(name).is_some().to_string()
                    aria-describedby=fault_id(name)
                    disabled=move || form.pending.get()
                    prop:checked=move || value.get()
                    on:change=move |event| {
                        value.set(event_target_checked(&event));
                        form.clear_fault(name);
                    }
                    data-testid=format!("field-{name}")
                />
                <span>{move || label.get()}</span>
            </label>
            <FieldFault form=form name=name />
        </div>
    }
}

/// Returns value and label of every variant of a text enum, as options of a select.
#[macro_export]
macro_rules! enum_options {
    ($type:ty) => {
        Signal::derive(|| {
            <$type>::ALL
                .iter()
                .map(|value| {
                    let label = $crate::core::labels::Label::label(*value);
                    (value.as_str().to_owned(), label.to_owned())
                })
                .collect::<Vec<(String, String)>>()
        })
    };
}
