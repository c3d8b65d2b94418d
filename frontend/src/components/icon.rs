//! Icons on a grid of 24 with one stroke width.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[$meta:meta])* $name:ident => $path:literal),+ $(,)?) => {
        /// The name of an icon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum IconName { $($(#[$meta])* $name),+ }

        impl IconName {
            const fn path(self) -> &'static str {
                match self { $(IconName::$name => $path),+ }
            }
        }
    };
}

icons! {
    Dashboard => "M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-4H4zM14 8h6V4h-6z",
    Jobs => "M9 5H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1h-3M9 3h6v4H9zM9 13l2 2 4-4",
    Customers => "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6 7-6s7 2 7 6M16 3.5a4 4 0 0 1 0 7M18 15.500c2.500.700 4 2.500 4 5.500",
    Technicians => "M14.500 6.500a4 4 0 0 1 5-3.900l-2.300 2.300 1.900 1.900 2.300-2.300a4 4 0 0 1-5.300 5L8 17.600a2.300 2.300 0 0 1-3.300-3.300l8.100-8.100",
    Inventory => "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8",
    Users => "M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM9 12l2 2 4-4",
    Settings => "M4 7h10M18 7h2M14 5v4M4 17h4M12 17h8M8 15v4",
    Import => "M12 3v12M7 10l5 5 5-5M4 20h16",
    Export => "M12 15V3M7 8l5-5 5 5M4 20h16",
    Search => "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM20 20l-4.900-4.900",
    Plus => "M12 5v14M5 12h14",
    Close => "M6 6l12 12M18 6L6 18",
    Check => "M5 12.500l4.500 4.500L19 7.500",
    CheckCircle => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.300l2.700 2.700L16 9.500",
    Alert => "M12 4l9.500 16.500h-19zM12 10v5M12 17.900v.2",
    Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 7.900v.2",
    Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
    Pause => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6M14 9v6",
    Ban => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
    Circle => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
    Lock => "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
    Route => "M6 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 18h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7",
    Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c0-4 3.300-6 7.500-6s7.500 2 7.500 6",
    Phone => "M6.500 3h3l1.500 5-2 1.500a12 12 0 0 0 5.500 5.500l1.500-2 5 1.500v3c0 1.500-1 2.500-2.500 2.500C10.500 20 4 13.500 4 5.500 4 4 5 3 6.500 3z",
    MapPin => "M12 21c4.500-4.500 7-8 7-11a7 7 0 1 0-14 0c0 3 2.500 6.500 7 11zM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
    Camera => "M4 8h3.500L9 5h6l1.500 3H20v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
    Edit => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    Up => "M12 19V5M6 11l6-6 6 6",
    Down => "M12 5v14M6 13l6 6 6-6",
    Sort => "M8 5v14M5 8l3-3 3 3M16 19V5M13 16l3 3 3-3",
    ChevronRight => "M9 5l7 7-7 7",
    ChevronLeft => "M15 5l-7 7 7 7",
    ChevronDown => "M5 9l7 7 7-7",
    More => "M4.500 12h1M11.500 12h1M18.500 12h1",
    Moon => "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
    Sun => "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300L19 19M5 19l1.700-1.700M17.300 6.700L19 5",
    Monitor => "M3 5h18v11H3zM9 20h6M12 16v4",
    SignOut => "M14 4h5v16h-5M14 12H4M8 8l-4 4 4 4",
    Refresh => "M20 12a8 8 0 1 1-2.500-5.800M20 3v4.500h-4.500",
    Cable => "M4 20v-5h4v5zM16 9V4h4v5zM6 15V9a4 4 0 0 1 8 0v6a4 4 0 0 0 4-4V9",
    Wifi => "M2.500 9.500a14 14 0 0 1 19 0M5.500 13a9.500 9.500 0 0 1 13 0M8.500 16.500a5 5 0 0 1 7 0M12 20v.1",
    Key => "M14.500 3.500a6 6 0 0 0-5.700 7.900L3 17.200V21h3.800l.7-.7V18h2.300v-2.300h1.500l1.300-1.300a6 6 0 1 0 1.900-10.900zM16.500 7.500v.2",
    Audit => "M12 8v4.500l3 1.800M3.500 12a8.500 8.500 0 1 0 2.600-6.100L3.500 8.500M3.500 4v4.500H8",
    Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
    Print => "M7 9V3h10v6M7 17H4v-7h16v7h-3M7 14h10v7H7z",
    Eye => "M2.500 12C4.500 8 8 5.500 12 5.500s7.500 2.500 9.500 6.500c-2 4-5.500 6.500-9.500 6.500S4.500 16 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
    EyeOff => "M4 4l16 16M9.900 5.800A9.900 9.900 0 0 1 12 5.500c4 0 7.500 2.500 9.500 6.500a14 14 0 0 1-2.700 3.600M6.500 7.500A13 13 0 0 0 2.500 12c2 4 5.500 6.500 9.500 6.500a9.700 9.700 0 0 0 4.500-1.100M10 10a3 3 0 0 0 4 4",
    Smartphone => "M7 3h10v18H7zM11 18h2",
    Notifications => "M6 17v-6a6 6 0 0 1 12 0v6l2 1.500H4zM10 21h4",
    Columns => "M4 5h16v14H4zM9.500 5v14M15 5v14",
    Undo => "M9 5L4 10l5 5M4 10h10a5.500 5.500 0 0 1 0 11h-4",
    Equal => "M6 10h12M6 14h12",
}

/// An icon beside a text; hidden from screen readers.
#[component]
pub fn Icon(
    name: IconName,
    /// Size and colour; 16 px when absent.
    #[prop(default = "size-4")]
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg
            class=class
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.75"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=name.path() />
        </svg>
    }
}
