//! The window's process: one webview, one link to the owner, and orders from the tray process on stdin.
//!
//! It holds no state that matters. Closing hides the window at once; after the grace time the process ends and takes
//! the webview's processes with it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tauri::webview::PageLoadEvent;
use tauri::window::Color;
use tauri::{App, AppHandle, Emitter, Manager, Theme, WebviewUrl, WebviewWindowBuilder};
use usher_agent::api::{Notice, Refusal, Request, Sentence, Settings, SettingsPatch};

use super::chord::Chord;
use super::sight::Sight;
use super::size::{Size, Sizes};
use super::stream::Stream;
use super::{Order, Word, commands, place};
use crate::autostart;
use crate::link::Owner;

/// The window's label, which the capabilities name.
pub(super) const LABEL: &str = "main";

/// The page's own ground colours, so that no other colour is seen before its first frame.
const LIGHT: Color = Color(0xfa, 0xf8, 0xf5, 0xff);
const DARK: Color = Color(0x1b, 0x18, 0x17, 0xff);

/// The window is shown by now even if the page is still loading: a slow page must not look like a dead hotkey.
const PATIENCE: Duration = Duration::from_millis(400);

/// Between two attempts to reach an owner that has gone away. Only while a window exists.
const RELINK: Duration = Duration::from_secs(1);

/// The window's process, shared by its threads and commands.
#[derive(Clone)]
pub(crate) struct Host {
    app: AppHandle,
    owner: Arc<Owner>,
    /// Raw events, while somebody looks at them.
    events: Stream<Owner>,
    sight: Sight,
    chord: Arc<Chord>,
    /// What is wrong with the chord of the settings.
    hotkey: Arc<Mutex<Option<String>>>,
}

/// Runs the window's process until it is told to end, hidden for longer than the grace time, or left alone.
pub(crate) fn run(owner: Owner) -> tauri::Result<()> {
    let asked = Instant::now();
    // One local question before the toolkit starts: the page's ground colour depends on the answer.
    let linked = owner.connect().is_ok();
    let settings: Settings = owner.call(&Request::Settings).unwrap_or_default();
    let app = tauri::Builder::default()
        .plugin(autostart::plugin())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::follow_events,
            commands::hide,
            commands::painted,
            commands::owner_words,
            commands::pick_folder,
            commands::hotkey_problem,
            commands::launch_at_login,
            commands::set_launch_at_login,
        ])
        .setup(move |app| {
            let host = Host::new(app, owner, asked);
            app.manage(host.clone());
            host.build_window(app, &settings)?;
            host.follow(&settings);
            host.start(linked);
            Ok(())
        })
        .build(crate::context())?;
    app.run(|_, _| ());
    Ok(())
}

impl Host {
    fn new(app: &App, owner: Owner, asked: Instant) -> Self {
        let sizes = Sizes::new(owner.directories().window());
        let owner = Arc::new(owner);
        let (asked_of, page) = (owner.clone(), app.handle().clone());
        let begin = move |listener| {
            let link = asked_of.another();
            link.connect()
                .map_err(|error| Refusal::new("unreachable", Sentence::foreign(error.to_string())))?;
            link.listen(true, listener)?;
            Ok(link)
        };
        Self {
            app: app.handle().clone(),
            owner,
            events: Stream::new(begin, move |notice| emit(&page, "notice", notice)),
            sight: Sight::new(app.handle().clone(), sizes, asked),
            chord: Arc::new(Chord::new()),
            hotkey: Arc::default(),
        }
    }

    /// Builds the window out of sight.
    fn build_window(&self, app: &App, settings: &Settings) -> tauri::Result<()> {
        let loaded = self.sight.clone();
        let size = self.sight.first_size();
        let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default());
        let window = match place::beginning(&self.app, size) {
            Some(at) => window.position(at.x, at.y),
            None => window.center(),
        };
        let window = window
            .title("Usher")
            .inner_size(size.width, size.height)
            .min_inner_size(Size::LEAST.width, Size::LEAST.height)
            .visible(false)
            .theme(theme(&settings.theme))
            .incognito(!is_driven())
            .on_navigation(is_own_page)
            .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
            .on_download(|_, _| false)
            .on_page_load(move |_, load| {
                if load.event() == PageLoadEvent::Finished {
                    loaded.reveal();
                }
            })
            .build()?;
        let ground = if window.theme().unwrap_or(Theme::Light) == Theme::Dark { DARK } else { LIGHT };
        window.set_background_color(Some(ground))?;
        let sight = self.sight.clone();
        window.on_window_event(move |event| sight.happened(event));
        Ok(())
    }

    /// Starts the threads that wait: for the owner, for the tray process, and for a page that takes too long.
    fn start(&self, linked: bool) {
        let host = self.clone();
        crate::thread("orders", move || host.obey());
        let sight = self.sight.clone();
        crate::thread("patience", move || {
            std::thread::sleep(PATIENCE);
            sight.reveal();
        });
        if !(linked && self.listen()) {
            self.relink_later();
        }
    }

    /// The window in and out of sight.
    pub(super) fn sight(&self) -> &Sight {
        &self.sight
    }

    // ---- the tray process

    /// Does what the tray process says. Its end is the end of the window too.
    fn obey(&self) {
        for order in std::io::stdin().lines().map_while(Result::ok).filter_map(|line| Order::read(&line)) {
            match order {
                Order::Show => self.later(Sight::show),
                Order::Hide => self.later(Sight::hide),
                Order::Toggle => self.later(Sight::toggle),
                Order::Quit => break,
                Order::ChordHeld => self.chord.answered(None),
                Order::ChordRefused(reason) => self.chord.answered(Some(reason)),
                Order::Hotkey(problem) => self.hotkey_is(Some(problem).filter(|problem| !problem.is_empty())),
            }
        }
        self.app.exit(0);
    }

    /// Does something behind what the window system has sent already: what a toggle means depends on the focus.
    fn later(&self, order: fn(&Sight)) {
        let sight = self.sight.clone();
        let _ = self.app.run_on_main_thread(move || order(&sight));
    }

    /// Notes what is wrong with the chord that should open the window, and shows it.
    fn hotkey_is(&self, problem: Option<String>) {
        let mut known = self.hotkey.lock().unwrap_or_else(PoisonError::into_inner);
        if *known != problem {
            known.clone_from(&problem);
            self.emit("hotkey", problem);
        }
    }

    /// What is wrong with the chord that should open the window.
    pub(super) fn hotkey_problem(&self) -> Option<String> {
        self.hotkey.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says that launch at login may be another than before.
    pub(super) fn login_changed(&self) {
        Word::Login.say();
    }

    // ---- the owner

    /// Asks the owner on behalf of the page.
    pub(super) fn ask(&self, request: &Request) -> Result<serde_json::Value, Refusal> {
        match request {
            Request::SetSettings(patch) => self.set_settings(patch, request),
            _ => self.owner.ask(request),
        }
    }

    fn set_settings(&self, patch: &SettingsPatch, request: &Request) -> Result<serde_json::Value, Refusal> {
        if let Some(chord) = &patch.hotkey {
            self.chord.ask_for(chord)?;
        }
        let answer = self.owner.ask(request);
        if answer.is_err() {
            // The tray process goes back to the chord that is still the setting.
            Word::Settings.say();
        }
        answer
    }

    /// Takes over the settings that are about the window.
    fn follow(&self, settings: &Settings) {
        self.sight.follow(settings);
        if let Some(window) = self.app.get_webview_window(LABEL) {
            let _ = window.set_theme(theme(&settings.theme));
        }
    }

    /// Passes everything the owner says to the page. Returns whether the owner agreed.
    fn listen(&self) -> bool {
        let host = self.clone();
        let heard = move |notice| match notice {
            Notice::Gone => host.lost(),
            notice => {
                if let Notice::Settings { settings } = &notice {
                    host.follow(settings);
                }
                host.emit("notice", notice);
            }
        };
        self.owner.listen(false, heard).is_ok()
    }

    /// Passes raw events to the page, or no longer.
    pub(super) fn follow_events(&self, on: bool) -> Result<(), Refusal> {
        self.events.follow(on)
    }

    fn lost(&self) {
        self.emit("link", false);
        self.relink_later();
    }

    fn relink_later(&self) {
        let host = self.clone();
        crate::thread("relink", move || {
            while host.owner.connect().is_err() || !host.listen() {
                std::thread::sleep(RELINK);
            }
            host.emit("link", true);
        });
    }

    fn emit(&self, event: &str, payload: impl serde::Serialize + Clone) {
        emit(&self.app, event, payload);
    }
}

fn emit(app: &AppHandle, event: &str, payload: impl serde::Serialize + Clone) {
    let _ = app.emit_to(LABEL, event, payload);
}

/// Whether a WebDriver wants to drive the page. Otherwise the page keeps nothing: what it shows, it asks the owner for.
/// A driver can only reach a webview that does, so under one it may.
fn is_driven() -> bool {
    std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Whether an address is the window's own page. Nothing else is ever loaded.
fn is_own_page(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

fn theme(setting: &str) -> Option<Theme> {
    match setting {
        "light" => Some(Theme::Light),
        "dark" => Some(Theme::Dark),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_is_ever_loaded() {
        let allowed = |address: &str| is_own_page(&address.parse().expect("an address"));
        assert!(allowed("tauri://localhost/"));
        assert!(allowed("http://tauri.localhost/index.html"));
        assert!(!allowed("https://example.org/tauri.localhost"));
        assert!(!allowed("file:///etc/passwd"));
    }

    #[test]
    fn an_empty_theme_follows_the_system() {
        assert_eq!(theme(""), None);
        assert_eq!(theme("dark"), Some(Theme::Dark));
    }
}
