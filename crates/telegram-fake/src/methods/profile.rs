//! Profile of the bot: name, descriptions and command menu.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::MethodResult;
use crate::api_error::ApiError;
use crate::arguments::Arguments;
use crate::state::State;
use crate::types::{BotCapabilities, Command, Me, ResponseBody};

/// A text of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ProfileText {
    Name,
    Description,
    ShortDescription,
}

impl ProfileText {
    fn field(self) -> &'static str {
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
enum CommandScope {
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
    texts: HashMap<(ProfileText, String), String>,
    menus: HashMap<(CommandScope, String), Vec<Command>>,
}

impl Profile {
    pub fn name(&self) -> &str {
        self.texts.get(&(ProfileText::Name, String::new())).map_or("ISP", String::as_str)
    }

    /// Returns the menu shown in private chats to people with this language.
    pub fn menu(&self, language: &str) -> &[Command] {
        let scopes = [CommandScope::AllPrivateChats, CommandScope::Default];
        let keys = [language, ""]
            .into_iter()
            .flat_map(|language| scopes.clone().map(|scope| (scope, language.to_owned())));
        keys.filter_map(|key| self.menus.get(&key)).next().map_or(&[], Vec::as_slice)
    }
}

pub(super) fn get_me(state: &State) -> ResponseBody {
    ResponseBody::Me(Me { user: state.bot(), capabilities: BotCapabilities::default() })
}

fn language(arguments: &Arguments) -> String {
    arguments.text("language_code").unwrap_or_default()
}

fn menu_key(arguments: &Arguments) -> Result<(CommandScope, String), ApiError> {
    Ok((arguments.json("scope")?.unwrap_or_default(), language(arguments)))
}

pub(super) fn set_commands(state: &mut State, arguments: &Arguments) -> MethodResult {
    let commands: Vec<Command> = arguments.json("commands")?.unwrap_or_default();
    let letter = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    for Command { command, description } in &commands {
        let name = command.trim_start_matches('/');
        if !(1..=32).contains(&name.len()) || !name.chars().all(letter) {
            return Err(ApiError::bad_request("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&description.chars().count()) {
            return Err(ApiError::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    state.profile.menus.insert(menu_key(arguments)?, commands);
    Ok(ResponseBody::Done(true))
}

pub(super) fn commands(state: &State, arguments: &Arguments) -> MethodResult {
    let menu = state.profile.menus.get(&menu_key(arguments)?);
    Ok(ResponseBody::Commands(menu.cloned().unwrap_or_default()))
}

pub(super) fn delete_commands(state: &mut State, arguments: &Arguments) -> MethodResult {
    state.profile.menus.remove(&menu_key(arguments)?);
    Ok(ResponseBody::Done(true))
}

pub(super) fn set_text(
    state: &mut State,
    arguments: &Arguments,
    which: ProfileText,
) -> ResponseBody {
    let key = (which, language(arguments));
    match arguments.non_empty_text(which.field()) {
        Some(text) => state.profile.texts.insert(key, text),
        None => state.profile.texts.remove(&key),
    };
    ResponseBody::Done(true)
}

pub(super) fn text(state: &State, arguments: &Arguments, which: ProfileText) -> ResponseBody {
    let text = match which {
        ProfileText::Name => state.profile.name().to_owned(),
        _ => {
            let own = state.profile.texts.get(&(which, language(arguments)));
            own.cloned().unwrap_or_default()
        }
    };
    ResponseBody::Texts(BTreeMap::from([(which.field(), text)]))
}
