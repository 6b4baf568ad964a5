//! Toasts of Windows, and the clicks on their buttons.
//!
//! Usher has no identity of its own that Windows would show toasts for, so they go by the one that PowerShell has on every
//! machine, as is usual for programs that are not installed from the store.

use std::sync::Arc;

use tauri_winrt_notification::{Duration, Toast};

use crate::notifications::Clicked;

/// What Windows calls our button.
const UNDO: &str = "undo";

/// The toasts of this user.
pub(in crate::notifications) struct Screen;

impl Screen {
    /// There is nothing to find.
    #[expect(clippy::unnecessary_wraps, reason = "on Linux there may be nobody to show anything")]
    pub(in crate::notifications) fn open() -> Result<Self, String> {
        Ok(Self)
    }

    /// Shows a notification; with a button where there is a run to take back, a word for that, and somebody to tell.
    ///
    /// Windows keeps what is to be told of a click with the toast itself, also while that lies in its centre, for as long as
    /// this process lives. So nothing waits for it here.
    pub(in crate::notifications) fn show(
        self: &Arc<Self>,
        title: &str,
        text: &str,
        button: Option<(i64, &str, Clicked)>,
    ) -> Result<(), String> {
        let mut toast =
            Toast::new(Toast::POWERSHELL_APP_ID).title(title).text2(text).duration(Duration::Short);
        if let Some((run, word, clicked)) = button {
            toast = toast.add_button(word, UNDO).on_activated(move |action| {
                // A click beside the button names no action.
                if action.as_deref() == Some(UNDO) {
                    clicked(run);
                }
                Ok(())
            });
        }
        toast.show().map_err(|error| error.to_string())
    }
}
