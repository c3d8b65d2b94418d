//! Jobs: installations (*PSB*) and repairs (*gangguan*).

mod candidates;
mod evidence;
mod model;
mod requests;
mod transition;
mod types;

pub use candidates::*;
pub use evidence::*;
pub use model::*;
pub use requests::*;
pub use transition::*;
pub use types::*;
