//! Trouble with the place where the data lies, and what an operator does about it.

mod backup;
mod clock_jumps;
mod full_disk;
mod photo_folder;
mod postgres_outage;
mod process;
mod sqlite_file;
