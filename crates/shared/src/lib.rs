//! Contract of the ISP Management System.
//!
//! Defines everything that crosses a process boundary and is used by server, browser and bot: ids,
//! text enums, requests, responses, live events, permissions, error codes and the job state
//! machine. The crate builds for `wasm32` and has no server dependency.

pub mod api_key;
pub mod audit;
pub mod cidr;
pub mod customer;
pub mod dashboard;
pub mod error;
pub mod geo;
pub mod identity;
pub mod ids;
pub mod import;
pub mod inventory;
pub mod job;
pub mod job_state_machine;
pub mod lang;
pub mod live;
pub mod mac_address;
pub mod map;
pub mod money;
pub mod nik;
pub mod notification;
pub mod number;
pub mod pagination;
pub mod permission;
pub mod personal_data;
pub mod phone;
pub mod photo;
pub mod plan;
pub mod retention;
pub mod second_factor;
pub mod serial_number;
pub mod session;
pub mod settings;
pub mod signup;
pub mod storage;
pub mod stored_text;
pub mod technician;
pub mod technician_registration;
pub mod telegram;
pub mod text;
pub mod text_enum;
pub mod user;
pub mod validate;

pub use cidr::Cidr;
pub use error::{ErrorCode, FieldError, Problem};
pub use geo::Coordinates;
pub use ids::*;
pub use lang::{Lang, Localized};
pub use mac_address::MacAddress;
pub use money::Rupiah;
pub use nik::{Nik, NikInput};
pub use pagination::{CommaList, Page};
pub use permission::{Permission, PermissionSet, Role, Scope};
pub use personal_data::{PersonalData, Reader, Visibility};
pub use phone::{PhoneEntry, PhoneNumber};
pub use serial_number::{parse_serial_number, serial_number_spelled_otherwise};
pub use storage::StorageFault;
