//! Storage failures and recovery.

mod backup;
mod clock_jumps;
mod full_disk;
mod photo_folder;
mod postgres_outage;
mod sqlite_file;
