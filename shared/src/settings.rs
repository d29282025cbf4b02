//! What a person likes, the same in every browser of theirs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::RoomName;

/// `GET|PUT /api/settings`. What is left out is as it is for who never chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Settings {
    /// As in `Accept-Language`: `en`, `zh`. The browser's own where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    pub theme: Theme,
    pub density: Density,
    pub clock: Clock,
    /// What to be told of, in rooms for which nothing else is said.
    pub notify: Notify,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rooms: BTreeMap<RoomName, RoomSettings>,
}

/// What is different in one room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RoomSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
    /// The room does not stand out in the list, whatever is new in it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
    Contrast,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Clock {
    /// As the language has it.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    #[serde(rename = "12")]
    Twelve,
    #[serde(rename = "24")]
    TwentyFour,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    All,
    /// Messages that name the person, and direct ones.
    #[default]
    Mentions,
    None,
}
