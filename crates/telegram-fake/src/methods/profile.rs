//! The bot itself: its name, its descriptions, its menu.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::Answer;
use crate::arguments::Arguments;
use crate::refusal::Refusal;
use crate::state::State;
use crate::wire::{Abilities, Answered, Command, Me};

/// A text that the bot tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Text {
    Name,
    Description,
    ShortDescription,
}

impl Text {
    fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::ShortDescription => "short_description",
        }
    }
}

/// For whom a menu is meant. A more exact one hides the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Scope {
    #[default]
    Default,
    AllPrivateChats,
    AllGroupChats,
    AllChatAdministrators,
    Chat {
        chat_id: i64,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Profile {
    texts: HashMap<(Text, String), String>,
    menus: HashMap<(Scope, String), Vec<Command>>,
}

impl Profile {
    pub fn name(&self) -> &str {
        self.texts.get(&(Text::Name, String::new())).map_or("ISP", String::as_str)
    }

    /// The menu that people see in their private chats.
    pub fn menu(&self) -> &[Command] {
        let scopes = [Scope::AllPrivateChats, Scope::Default];
        let mut found = scopes.into_iter().filter_map(|it| self.menus.get(&(it, String::new())));
        found.next().map_or(&[], Vec::as_slice)
    }
}

pub(super) fn me(state: &State) -> Answered {
    Answered::Me(Me { user: state.bot(), able: Abilities::default() })
}

fn language(arguments: &Arguments) -> String {
    arguments.text("language_code").unwrap_or_default()
}

fn wanted(arguments: &Arguments) -> Result<(Scope, String), Refusal> {
    Ok((arguments.json("scope")?.unwrap_or_default(), language(arguments)))
}

pub(super) fn set_commands(state: &mut State, arguments: &Arguments) -> Answer {
    let commands: Vec<Command> = arguments.json("commands")?.unwrap_or_default();
    let letter = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    for Command { command, description } in &commands {
        let name = command.trim_start_matches('/');
        if !(1..=32).contains(&name.len()) || !name.chars().all(letter) {
            return Err(Refusal::bad("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&description.chars().count()) {
            return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    state.profile.menus.insert(wanted(arguments)?, commands);
    Ok(Answered::Done(true))
}

pub(super) fn commands(state: &State, arguments: &Arguments) -> Answer {
    let menu = state.profile.menus.get(&wanted(arguments)?);
    Ok(Answered::Commands(menu.cloned().unwrap_or_default()))
}

pub(super) fn delete_commands(state: &mut State, arguments: &Arguments) -> Answer {
    state.profile.menus.remove(&wanted(arguments)?);
    Ok(Answered::Done(true))
}

pub(super) fn set_text(state: &mut State, arguments: &Arguments, which: Text) -> Answered {
    let key = (which, language(arguments));
    match arguments.filled(which.field()) {
        Some(text) => state.profile.texts.insert(key, text),
        None => state.profile.texts.remove(&key),
    };
    Answered::Done(true)
}

pub(super) fn text(state: &State, arguments: &Arguments, which: Text) -> Answered {
    let text = match which {
        Text::Name => state.profile.name().to_owned(),
        _ => {
            let own = state.profile.texts.get(&(which, language(arguments)));
            own.cloned().unwrap_or_default()
        }
    };
    Answered::Texts(BTreeMap::from([(which.field(), text)]))
}
