//! Chords on an X11 display: grabbed from the root window, and waited for on the connection's socket.
//!
//! A Wayland session has no such grab. Where its desktop has no portal either, it binds commands to chords itself, which
//! is what the person is then told.

use std::sync::{Arc, Mutex, PoisonError};

use tauri_plugin_global_shortcut::{Code, Modifiers, Shortcut};
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt, GrabMode, Keycode, Keysym, ModMask, Window};
use x11rb::protocol::{ErrorKind, Event};
use x11rb::rust_connection::RustConnection;

use super::Cause;

/// The display's keys, where there is a display.
pub(crate) struct Keys {
    display: Result<Display, String>,
}

#[derive(Clone)]
struct Display {
    connection: Arc<RustConnection>,
    root: Window,
    grabbed: Grabbed,
}

/// What is grabbed, as presses tell it: the key with its modifiers, and the chord that is.
type Grabbed = Arc<Mutex<Vec<(Keycode, ModMask, Shortcut)>>>;

impl Keys {
    pub(super) fn new(pressed: impl Fn(Shortcut) + Send + Sync + 'static) -> Self {
        Self { display: Display::open(pressed) }
    }

    pub(super) fn hold(&self, chord: &Shortcut) -> Result<(), Cause> {
        let display = self.display.as_ref().map_err(|why| Cause::Unavailable(why.clone()))?;
        let held = display.grab(chord);
        if held.is_err() {
            display.release(chord);
        }
        held
    }

    pub(super) fn release(&self, chord: &Shortcut) {
        if let Ok(display) = &self.display {
            display.release(chord);
        }
    }
}

impl Display {
    fn open(pressed: impl Fn(Shortcut) + Send + 'static) -> Result<Self, String> {
        if std::env::var_os("DISPLAY").is_none() {
            return Err("this session has no X11 display, and Wayland lends no keys".to_owned());
        }
        let (connection, screen) = RustConnection::connect(None).map_err(|error| error.to_string())?;
        let root = connection.setup().roots.get(screen).ok_or("the X11 display has no screen")?.root;
        let display = Self { connection: Arc::new(connection), root, grabbed: Grabbed::default() };
        let (waiting, grabbed) = (display.connection.clone(), display.grabbed.clone());
        std::thread::Builder::new()
            .name("hotkey".to_owned())
            .spawn(move || wait(&waiting, &grabbed, pressed))
            .map_err(|error| error.to_string())?;
        Ok(display)
    }

    fn grab(&self, chord: &Shortcut) -> Result<(), Cause> {
        let key = self.keycode(chord)?;
        for locks in locks() {
            let refused = |error: String| Cause::Unavailable(format!("the X11 display refused it ({error})"));
            let grab = self
                .connection
                .grab_key(false, self.root, modifiers(chord) | locks, key, GrabMode::ASYNC, GrabMode::ASYNC)
                .map_err(|error| refused(error.to_string()))?;
            grab.check().map_err(|error| match error {
                ReplyError::X11Error(error) if error.error_kind == ErrorKind::Access => Cause::Taken,
                other => refused(other.to_string()),
            })?;
        }
        self.grabbed().push((key, modifiers(chord), *chord));
        Ok(())
    }

    fn grabbed(&self) -> std::sync::MutexGuard<'_, Vec<(Keycode, ModMask, Shortcut)>> {
        self.grabbed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self, chord: &Shortcut) {
        self.grabbed().retain(|(_, _, held)| held != chord);
        let Ok(key) = self.keycode(chord) else { return };
        for locks in locks() {
            if let Ok(request) = self.connection.ungrab_key(key, self.root, modifiers(chord) | locks) {
                request.ignore_error();
            }
        }
        let _ = self.connection.flush();
    }

    /// The key on this keyboard that makes the chord's symbol.
    fn keycode(&self, chord: &Shortcut) -> Result<Keycode, Cause> {
        let missing = || Cause::Unavailable(format!("this keyboard has no key {}", chord.key));
        let wanted = keysym(chord.key).ok_or_else(missing)?;
        let (first, last) = (self.connection.setup().min_keycode, self.connection.setup().max_keycode);
        let map = self.connection.get_keyboard_mapping(first, last - first + 1);
        let map = map.map_err(|_| missing())?.reply().map_err(|_| missing())?;
        let per_key = usize::from(map.keysyms_per_keycode).max(1);
        (first..=last)
            .zip(map.keysyms.chunks(per_key))
            .find_map(|(key, symbols)| symbols.contains(&wanted).then_some(key))
            .ok_or_else(missing)
    }
}

/// Calls `pressed` for each press until the display goes away. Every key press here is one of our grabs.
fn wait(connection: &RustConnection, grabbed: &Grabbed, pressed: impl Fn(Shortcut)) {
    let mut released = None;
    while let Ok(event) = connection.wait_for_event() {
        match event {
            // A key that is held down repeats as a release and a press of the same moment.
            Event::KeyPress(key) if released == Some((key.detail, key.time)) => {}
            Event::KeyPress(key) => {
                let held = u16::from(key.state) & MODIFIERS;
                let of = |(code, mask, chord): &(Keycode, ModMask, Shortcut)| {
                    (*code == key.detail && u16::from(*mask) == held).then_some(*chord)
                };
                let chord = grabbed.lock().unwrap_or_else(PoisonError::into_inner).iter().find_map(of);
                chord.into_iter().for_each(&pressed);
            }
            Event::KeyRelease(key) => released = Some((key.detail, key.time)),
            _ => {}
        }
    }
}

/// The modifiers that chords are made of; locks are no part of one.
const MODIFIERS: u16 = 0b100_1101;

/// Caps Lock and Num Lock must not matter, and a grab is exact about them.
fn locks() -> [ModMask; 4] {
    [ModMask::default(), ModMask::LOCK, ModMask::M2, ModMask::LOCK | ModMask::M2]
}

fn modifiers(chord: &Shortcut) -> ModMask {
    let pairs = [
        (Modifiers::SHIFT, ModMask::SHIFT),
        (Modifiers::CONTROL, ModMask::CONTROL),
        (Modifiers::ALT, ModMask::M1),
        (Modifiers::SUPER, ModMask::M4),
        (Modifiers::META, ModMask::M4),
    ];
    pairs
        .iter()
        .filter(|(modifier, _)| chord.mods.contains(*modifier))
        .fold(ModMask::default(), |mask, (_, bit)| mask | *bit)
}

/// The X11 symbol of a key: Latin-1 for what prints, a number of its own for the rest.
fn keysym(key: Code) -> Option<Keysym> {
    let name = key.to_string();
    if let Some(letter) = name.strip_prefix("Key").or_else(|| name.strip_prefix("Digit")) {
        return letter.chars().next().map(|c| c.to_ascii_lowercase().into());
    }
    if let Some(number) = name.strip_prefix('F').and_then(|number| number.parse::<u32>().ok()) {
        return (1..=24).contains(&number).then(|| 0xffbd + number);
    }
    Some(match key {
        Code::Space => u32::from(' '),
        Code::Backquote => u32::from('`'),
        Code::Minus => u32::from('-'),
        Code::Equal => u32::from('='),
        Code::BracketLeft => u32::from('['),
        Code::BracketRight => u32::from(']'),
        Code::Backslash => u32::from('\\'),
        Code::Semicolon => u32::from(';'),
        Code::Quote => u32::from('\''),
        Code::Comma => u32::from(','),
        Code::Period => u32::from('.'),
        Code::Slash => u32::from('/'),
        Code::Backspace => 0xff08,
        Code::Tab => 0xff09,
        Code::Enter => 0xff0d,
        Code::Pause => 0xff13,
        Code::Escape => 0xff1b,
        Code::Home => 0xff50,
        Code::ArrowLeft => 0xff51,
        Code::ArrowUp => 0xff52,
        Code::ArrowRight => 0xff53,
        Code::ArrowDown => 0xff54,
        Code::PageUp => 0xff55,
        Code::PageDown => 0xff56,
        Code::End => 0xff57,
        Code::PrintScreen => 0xff61,
        Code::Insert => 0xff63,
        Code::Delete => 0xffff,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_x11_symbols() {
        assert_eq!(keysym(Code::KeyU), Some(0x75));
        assert_eq!(keysym(Code::Digit7), Some(0x37));
        assert_eq!(keysym(Code::Space), Some(0x20));
        assert_eq!(keysym(Code::F1), Some(0xffbe));
        assert_eq!(keysym(Code::F12), Some(0xffc9));
        assert_eq!(keysym(Code::Fn), None);
        assert_eq!(keysym(Code::AudioVolumeMute), None);
    }
}
