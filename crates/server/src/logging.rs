//! Logging to the console and to rotated files.

use std::io::Write;

use env_logger::{Builder, Target};
use file_rotate::compression::Compression;
use file_rotate::suffix::AppendCount;
use file_rotate::{ContentLimit, FileRotate};

use crate::config::LogConfig;

const LOG_FILE_NAME: &str = "isp-server.log";

/// Initialises the logger of this process.
///
/// # Errors
/// The folder of the log files can not be created.
pub fn init(config: &LogConfig) -> std::io::Result<()> {
    let mut builder = Builder::new();
    builder.parse_filters(&config.filter).format_timestamp_millis();
    if let Some(dir) = &config.dir {
        std::fs::create_dir_all(dir)?;
        let files = FileRotate::new(
            dir.join(LOG_FILE_NAME),
            AppendCount::new(config.max_files),
            ContentLimit::Bytes(config.max_bytes),
            Compression::None,
            None,
        );
        builder.target(Target::Pipe(Box::new(ConsoleAndFile { files })));
    }
    // Another call in the same process (in tests) keeps the first logger.
    let _ = builder.try_init();
    Ok(())
}

/// A writer to console and file.
struct ConsoleAndFile {
    files: FileRotate<AppendCount>,
}

impl Write for ConsoleAndFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::stderr().write_all(bytes)?;
        self.files.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.files.flush()
    }
}
