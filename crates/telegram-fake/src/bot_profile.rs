//! Stored profile of the bot: name, descriptions and command menus.

use std::collections::HashMap;

use serde::Deserialize;

use crate::types::Command;

/// A text of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ProfileText {
    Name,
    Description,
    ShortDescription,
}

impl ProfileText {
    /// Returns the name of the argument.
    pub fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::ShortDescription => "short_description",
        }
    }
}

/// `BotCommandScope`. A narrower scope hides the wider ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum CommandScope {
    #[default]
    Default,
    AllPrivateChats,
    AllGroupChats,
    AllChatAdministrators,
    Chat {
        chat_id: i64,
    },
}

/// Texts and menus, each by language.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub texts: HashMap<(ProfileText, String), String>,
    pub menus: HashMap<(CommandScope, String), Vec<Command>>,
}

impl Profile {
    pub fn name(&self) -> &str {
        self.texts.get(&(ProfileText::Name, String::new())).map_or("ISP", String::as_str)
    }

    /// Returns the menu shown in private chats to people with this language.
    pub fn menu(&self, language: &str) -> &[Command] {
        let scopes = || [CommandScope::AllPrivateChats, CommandScope::Default];
        let keys = [language, ""]
            .into_iter()
            .flat_map(|language| scopes().map(|scope| (scope, language.to_owned())));
        let mut menus = keys.filter_map(|key| self.menus.get(&key));
        menus.next().map_or(&[], Vec::as_slice)
    }
}
