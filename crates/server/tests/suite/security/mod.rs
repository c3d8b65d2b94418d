//! Security tests: access control, personal data, hostile input.

mod access_matrix;
mod api_keys;
mod cookies;
mod documentation;
mod fixtures;
mod hidden_characters;
mod if_match;
mod injection;
mod job_transitions;
mod live_events;
mod personal_data;
mod request_smuggling;
mod requests;
mod required_access;
mod tokens;
mod uploads;
