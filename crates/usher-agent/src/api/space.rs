//! How much room Usher's memory takes, and what of it can be given up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long the journal is kept, and how large the vault may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeepLimits {
    /// See [`Settings::keep_days`](super::Settings::keep_days).
    pub keep_days: u32,
    /// See [`Settings::vault_megabytes`](super::Settings::vault_megabytes).
    pub vault_megabytes: u32,
}

/// How much room journal and vault take, and what some limits would give up now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Space {
    /// Bytes of the journal.
    #[ts(type = "number")]
    pub journal: u64,
    /// Bytes in the vault.
    #[ts(type = "number")]
    pub vault: u64,
    /// Runs that would be forgotten: they could not be looked up or taken back any more.
    #[ts(type = "number")]
    pub runs: u64,
    /// Steps in them.
    #[ts(type = "number")]
    pub steps: u64,
    /// Things in the vault that would be given up.
    #[ts(type = "number")]
    pub kept_things: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}
