//! Notifications of the tray process itself. What rules have to say is shown by the owner.

/// Shows a notification: a bold line and the text below it.
///
/// It is a courtesy: where the session cannot show one, nothing else depends on it. Blocks until the session has taken
/// it, so the desk leaves it to a thread.
pub(crate) fn show(title: &str, text: &str) {
    let _ = usher_agent::show_notification(title, text);
}
