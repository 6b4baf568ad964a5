//! Notifications of macOS, without a button.
//!
//! The service that takes buttons from any program is told nothing of a notification that is put away: whoever waits for a
//! click has to look twice a second whether it is still there, for as long as it lies in the notification centre. The one that
//! would tell takes notifications from signed bundles alone, and there is none of Usher.

use std::sync::Arc;

use crate::notifications::Clicked;

/// The notification centre.
pub(in crate::notifications) struct Screen;

impl Screen {
    /// There is nothing to find.
    #[expect(clippy::unnecessary_wraps, reason = "on Linux there may be nobody to show anything")]
    pub(in crate::notifications) fn open() -> Result<Self, String> {
        Ok(Self)
    }

    /// Shows a notification.
    pub(in crate::notifications) fn show(
        self: &Arc<Self>,
        title: &str,
        text: &str,
        _: Option<(i64, &str, Clicked)>,
    ) -> Result<(), String> {
        let shown = notify_rust::Notification::new().appname("Usher").summary(title).body(text).show();
        shown.map(drop).map_err(|error| error.to_string())
    }
}
