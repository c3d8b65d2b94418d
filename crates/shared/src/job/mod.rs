//! Jobs: installations (*PSB*) and repairs (*gangguan*).

mod candidates;
mod facts;
mod kinds;
mod requests;
mod step;

pub use candidates::*;
pub use facts::*;
pub use kinds::*;
pub use requests::*;
pub use step::*;
