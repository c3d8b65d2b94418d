//! Commands.

use teloxide::utils::command::BotCommands;

/// What can be typed with a slash. Descriptions are shown in Telegram's menu.
#[derive(Debug, Clone, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "snake_case")]
pub enum Command {
    #[command(description = "mulai, atau daftar sebagai teknisi")]
    Start(String),
    #[command(description = "pekerjaan yang bisa diambil")]
    Jobs,
    #[command(description = "pekerjaan saya")]
    Myjobs,
    #[command(description = "isi tas material saya")]
    Bag,
    #[command(description = "profil, status dinas, dan hasil kerja")]
    Profile,
    #[command(description = "batalkan yang sedang diisi")]
    Cancel,
    #[command(description = "bantuan")]
    Help,
    #[command(description = "keadaan hari ini (kantor)")]
    Admin,
    #[command(description = "semua pekerjaan (kantor)")]
    JobsAdmin,
    #[command(description = "stok gudang (kantor)")]
    Inventory,
    #[command(description = "laporan (kantor)")]
    Reports,
    #[command(description = "teknisi dan pendaftaran (kantor)")]
    Technicians,
}

impl Command {
    /// Reads a text; `None` if it is no command that the bot knows.
    pub fn from_text(text: &str) -> Option<Self> {
        // The name of the bot after the at sign never matters in a private chat.
        let (head, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let head = head.split('@').next().unwrap_or(head).to_lowercase();
        Command::parse(format!("{head} {rest}").trim(), "").ok()
    }

    /// Those of technicians, for Telegram's menu.
    pub const TECHNICIAN_MENU: [&'static str; 7] =
        ["jobs", "myjobs", "bag", "profile", "cancel", "help", "start"];
}
