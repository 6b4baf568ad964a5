//! Where notifications are shown: the session's own service on Linux, reached over one connection for as long as a click
//! may come; elsewhere whatever the platform has, without buttons.

#[cfg(target_os = "linux")]
pub(super) use self::linux::Screen;
#[cfg(not(target_os = "linux"))]
pub(super) use self::plain::Screen;

#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
mod plain {
    use std::sync::Arc;

    use crate::notifications::Clicked;

    /// The platform's notifications.
    pub(in crate::notifications) struct Screen;

    impl Screen {
        /// There is nothing to find.
        #[expect(clippy::unnecessary_wraps, reason = "on Linux there may be nobody to show anything")]
        pub(in crate::notifications) fn open() -> Result<Self, String> {
            Ok(Self)
        }

        /// Shows a notification. It has no button.
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
}
