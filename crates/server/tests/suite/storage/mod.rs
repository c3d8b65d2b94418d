//! Trouble with the place where the data lies, and what an operator does about it.

mod backup;
mod clock;
mod full_disk;
mod photo_folder;
mod postgres;
mod process;
mod sqlite_file;
