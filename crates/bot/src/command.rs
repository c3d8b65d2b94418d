//! Commands of the bot.

use shared::Lang;
use teloxide::types::BotCommand;
use teloxide::utils::command::BotCommands;

use crate::texts::commands as texts;

/// What can be typed with a slash.
#[derive(Debug, Clone, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "snake_case")]
pub enum Command {
    Start(String),
    Jobs,
    Myjobs,
    Bag,
    Profile,
    Cancel,
    Help,
    Admin,
    JobsAdmin,
    Inventory,
    Reports,
    Technicians,
}

impl Command {
    /// Reads a text; `None` if it is no command of the bot.
    pub fn from_text(text: &str) -> Option<Self> {
        // The name of the bot after the at sign does not matter in a private chat.
        let (head, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let head = head.split('@').next().unwrap_or(head).to_lowercase();
        Command::parse(format!("{head} {rest}").trim(), "").ok()
    }
}

/// The commands of technicians, for Telegram's menu. The office types its commands, which `/help` lists.
pub fn technician_menu(lang: Lang) -> Vec<BotCommand> {
    vec![
        BotCommand::new("jobs", texts::jobs(lang)),
        BotCommand::new("myjobs", texts::myjobs(lang)),
        BotCommand::new("bag", texts::bag(lang)),
        BotCommand::new("profile", texts::profile(lang)),
        BotCommand::new("cancel", texts::cancel(lang)),
        BotCommand::new("help", texts::help(lang)),
        BotCommand::new("start", texts::start(lang)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_menu_is_known() {
        for command in technician_menu(Lang::En) {
            assert!(Command::from_text(&format!("/{}", command.command)).is_some(), "{command:?}");
        }
    }
}
