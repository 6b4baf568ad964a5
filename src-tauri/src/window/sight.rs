//! The window in and out of sight.
//!
//! Out of sight comes at once and the end of the process after the grace time, so that a quick return is instant and a
//! closed window costs nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tauri::{AppHandle, Emitter, Manager, WebviewWindow, WindowEvent};
use usher_agent::api::Settings;

use super::Word;
use super::host::LABEL;
use super::place::{self, Seat};
use super::size::{Size, Sizes};

/// A focus lost and a toggle that come this close together are one gesture of the user's: pressing the hotkey, or
/// clicking the tray icon, takes the focus away before it says what it wants.
const ONE_GESTURE: Duration = Duration::from_millis(400);

/// A focus that returns this soon was lent and not lost: any program's hotkey takes it while its keys are down.
const LENT: Duration = Duration::from_millis(150);

/// Whether the window is in sight, and why it may leave it.
#[derive(Clone)]
pub(super) struct Sight {
    app: AppHandle,
    sizes: Arc<Sizes>,
    state: Arc<Mutex<State>>,
}

struct State {
    /// When the window was asked for, to measure how long a person waited.
    asked: Instant,
    visible: bool,
    /// When it came in sight last. The focus follows a little later.
    shown: Option<Instant>,
    focused: bool,
    /// When the window last lost the focus while in sight, until a toggle was understood as part of that.
    left: Option<Instant>,
    /// Counts hidings, so that a grace time that was cut short ends nothing.
    hidings: u64,
    hide_on_blur: bool,
    /// How many dialogs of the window's own have the keyboard.
    lent: u32,
    grace: Duration,
    /// Where a window that has just come in sight again is to stand.
    seat: Option<Seat>,
}

/// The keyboard is with a dialog of the window's own for as long as this lives.
pub(super) struct Lent(Sight);

impl Drop for Lent {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.lent = state.lent.saturating_sub(1);
    }
}

impl Sight {
    /// Out of sight, and asked for at this moment.
    pub(super) fn new(app: AppHandle, sizes: Sizes, asked: Instant) -> Self {
        let state = State {
            asked,
            visible: false,
            shown: None,
            focused: false,
            left: None,
            hidings: 0,
            hide_on_blur: false,
            lent: 0,
            grace: Duration::ZERO,
            seat: None,
        };
        Self { app, sizes: Arc::new(sizes), state: Arc::new(Mutex::new(state)) }
    }

    /// Takes over the settings.
    pub(super) fn follow(&self, settings: &Settings) {
        let mut state = self.lock();
        state.hide_on_blur = settings.hide_on_blur;
        state.grace = Duration::from_secs(settings.grace_seconds.into());
    }

    /// The size of a new window: the one it had last, where the display in use has room for it.
    pub(super) fn first_size(&self) -> Size {
        match place::display(&self.app) {
            Some(display) => self.sizes.fitting(place::room(&display)),
            None => self.sizes.last(),
        }
    }

    /// Lends the keyboard to a dialog: losing it hides nothing meanwhile.
    pub(super) fn lend(&self) -> Lent {
        self.lock().lent += 1;
        Lent(self.clone())
    }

    /// Shows the window for the first time; later calls do nothing.
    pub(super) fn reveal(&self) {
        let first = {
            let mut state = self.lock();
            let first = !state.visible && state.hidings == 0;
            state.visible |= first;
            first
        };
        if first {
            self.to_front();
        }
    }

    /// Brings the window to the front.
    pub(super) fn show(&self) {
        let again = {
            let mut state = self.lock();
            let again = !state.visible;
            if again {
                state.visible = true;
                state.left = None;
                state.asked = Instant::now();
            }
            again
        };
        let window = self.window().filter(|_| again);
        let seat = window.and_then(|window| Seat::of(&window, &self.app, &self.sizes));
        if let (Some(window), Some(seat)) = (self.window(), &seat) {
            seat.prepare(&window);
        }
        self.to_front();
        if let (Some(window), Some(seat)) = (self.window(), &seat) {
            seat.take(&window);
        }
        if again {
            self.lock().seat = seat;
            let _ = self.app.emit_to(LABEL, "shown", ());
        }
    }

    /// Hides the window at once, and ends the process when nobody wants it back within the grace time.
    pub(super) fn hide(&self) {
        let (hiding, grace) = {
            let mut state = self.lock();
            if !state.visible {
                return;
            }
            state.visible = false;
            state.focused = false;
            state.hidings += 1;
            state.seat = None;
            (state.hidings, state.grace)
        };
        if let Some(window) = self.window() {
            let _ = window.hide();
            // The main thread is asked for the size, and may be waiting for the state: nobody holds it by now.
            self.sizes.keep(&window);
        }
        Word::Hidden.say();
        let sight = self.clone();
        crate::thread("grace", move || {
            std::thread::sleep(grace);
            let over = {
                let state = sight.lock();
                !state.visible && state.hidings == hiding
            };
            if over {
                sight.app.exit(0);
            }
        });
    }

    /// Hides the window where it is in front, and shows it otherwise.
    pub(super) fn toggle(&self) {
        let (visible, in_front) = {
            let mut state = self.lock();
            let just = |moment: Option<Instant>| moment.is_some_and(|moment| moment.elapsed() < ONE_GESTURE);
            let (just_left, just_shown) = (just(state.left.take()), just(state.shown.take()));
            (state.visible, state.focused || just_left || (state.visible && just_shown))
        };
        match (visible, in_front) {
            (true, true) => self.hide(),
            // Losing the focus has hidden it already, and that is what the gesture wants.
            (false, true) => Word::Hidden.say(),
            (_, false) => self.show(),
        }
    }

    /// Hears what the window system does with the window.
    pub(super) fn happened(&self, event: &WindowEvent) {
        match event {
            WindowEvent::CloseRequested { api, .. } => {
                api.prevent_close();
                self.hide();
            }
            WindowEvent::Focused(focused) => self.focus(*focused),
            _ => {}
        }
    }

    /// A frame with content is on the screen.
    pub(super) fn painted(&self) {
        let (waited, seat) = {
            let mut state = self.lock();
            (state.asked.elapsed(), state.seat.take())
        };
        Word::Painted(waited.as_millis()).say();
        // By now the window manager is done with it, and hears a wish that it has overlooked before.
        if let (Some(window), Some(seat)) = (self.window(), seat) {
            seat.take(&window);
        }
    }

    fn focus(&self, focused: bool) {
        let left = {
            let mut state = self.lock();
            let lost = state.focused && !focused && state.visible;
            state.focused = focused && state.visible;
            let left = lost.then(Instant::now);
            state.left = left.or(state.left);
            left.filter(|_| state.hide_on_blur && state.lent == 0)
        };
        if left.is_some() {
            let sight = self.clone();
            crate::thread("blur", move || {
                std::thread::sleep(LENT);
                // Whatever else has happened meanwhile has made another moment of this, or none.
                let gone = {
                    let state = sight.lock();
                    !state.focused && state.left == left
                };
                if gone {
                    sight.hide();
                }
            });
        }
    }

    fn to_front(&self) {
        self.lock().shown = Some(Instant::now());
        if let Some(window) = self.window() {
            let _ = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
            Word::Shown.say();
        }
    }

    fn window(&self) -> Option<WebviewWindow> {
        self.app.get_webview_window(LABEL)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
