//! What the webview may ask of its host. These are all there is; `capabilities/` allows each by name.

use std::path::PathBuf;

use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use usher_agent::api::{Refusal, Request, Sentence, sentence};

use super::host::Host;
use crate::autostart;

/// Passes a request to the owner. The webview does not notice which process answers.
#[tauri::command]
pub(super) async fn call(request: Request, host: State<'_, Host>) -> Result<serde_json::Value, Refusal> {
    let host = host.inner().clone();
    tauri::async_runtime::spawn_blocking(move || host.ask(&request))
        .await
        .map_err(|error| failed(&error.to_string()))?
}

/// Hears raw events too, or no longer. Sources work for whoever listens, so this is for as long as they are seen.
#[tauri::command(async)]
pub(super) fn follow_events(on: bool, host: State<'_, Host>) -> Result<(), Refusal> {
    host.follow_events(on)
}

/// What the owner may say, in a language: a Fluent file, empty where there is none of that language.
#[tauri::command]
pub(super) fn owner_words(language: &str) -> &'static str {
    usher_agent::words::owner_words(language)
}

/// Lets the user choose a folder, beginning at one; answers nothing where they choose none, and refuses one whose path is
/// not text: rules name folders in text, and what is like it may be another folder.
#[tauri::command(async)]
pub(super) fn pick_folder(
    begin: Option<PathBuf>,
    title: String,
    window: WebviewWindow,
    host: State<'_, Host>,
) -> Result<Option<String>, Refusal> {
    let dialog = window.dialog().file().set_parent(&window).set_title(title);
    let dialog =
        begin.filter(|begin| begin.is_dir()).into_iter().fold(dialog, |it, begin| it.set_directory(begin));
    // The dialog takes the keyboard, which must not count as the user having left.
    let _lent = host.sight().lend();
    let chosen = dialog.blocking_pick_folder().and_then(|folder| folder.into_path().ok());
    chosen.map(as_text).transpose()
}

/// A path as text, which is exactly that path.
fn as_text(path: PathBuf) -> Result<String, Refusal> {
    path.into_os_string().into_string().map_err(|path| {
        let path = PathBuf::from(path);
        Refusal::new(
            "refused",
            sentence!(
                "pick-folder-no-text",
                "the path {path} is not text, so no rule can name this folder",
                path = path.display()
            ),
        )
        .hint(sentence!(
            "pick-folder-no-text-hint",
            "rename what is not text on the way to it, or choose a folder above that"
        ))
    })
}

/// Hides the window.
#[tauri::command]
pub(super) fn hide(host: State<'_, Host>) {
    host.sight().hide();
}

/// Hears that a frame with content is on the screen.
#[tauri::command]
pub(super) fn painted(host: State<'_, Host>) {
    host.sight().painted();
}

/// What is wrong with the chord that should open the window, where anything is.
#[tauri::command]
pub(super) fn hotkey_problem(host: State<'_, Host>) -> Option<String> {
    host.hotkey_problem()
}

/// Whether Usher starts with the session.
#[tauri::command(async)]
pub(super) fn launch_at_login(app: AppHandle) -> bool {
    autostart::is_on(&app)
}

/// Makes Usher start with the session, or not; answers what is true afterwards.
#[tauri::command(async)]
pub(super) fn set_launch_at_login(on: bool, app: AppHandle, host: State<'_, Host>) -> Result<bool, Refusal> {
    let set = autostart::set(&app, on).map_err(|message| failed(&message));
    host.login_changed();
    set.map(|()| autostart::is_on(&app))
}

fn failed(message: &str) -> Refusal {
    Refusal::new("failed", Sentence::foreign(message))
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn a_folder_is_named_exactly_or_refused() {
        let named = |bytes: &[u8]| as_text(PathBuf::from(OsString::from_vec(bytes.to_vec())));
        assert_eq!(named("/home/ada/Caf\u{e9} \u{202e}".as_bytes()).unwrap(), "/home/ada/Caf\u{e9} \u{202e}");
        let refusal = named(b"/home/ada/Caf\xe9/Inbox").unwrap_err();
        assert_eq!(
            refusal.message.text(),
            "the path /home/ada/Caf\u{fffd}/Inbox is not text, so no rule can name this folder"
        );
        assert!(refusal.hint.is_some_and(|hint| hint.text().contains("choose a folder above")));
    }
}
