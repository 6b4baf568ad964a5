//! The size the user has given the window, kept from one window to the next.
//!
//! Where it stands is not kept: it opens in the middle of the display that is in use, which may be another one. A size
//! that a display had no room for is given back on the next one that has.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tauri::{LogicalSize, PhysicalSize, WebviewWindow};

/// A size in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Size {
    /// From left to right.
    pub(super) width: f64,
    /// From top to bottom.
    pub(super) height: f64,
}

impl Size {
    /// The size of a window that nobody has resized.
    pub(super) const USUAL: Self = Self { width: 720.0, height: 560.0 };

    /// The smallest window that everything fits into.
    pub(super) const LEAST: Self = Self { width: 520.0, height: 400.0 };

    /// No smaller than can be used, and no larger than a display of today.
    fn sensible(self) -> Option<Self> {
        let good = |length: f64, least: f64| length.is_finite() && (least..=16_384.0).contains(&length);
        (good(self.width, Self::LEAST.width) && good(self.height, Self::LEAST.height)).then_some(self)
    }

    /// So many pixels of a display of this scale.
    pub(super) fn of(size: PhysicalSize<u32>, scale: f64) -> Self {
        let LogicalSize { width, height } = size.to_logical(scale);
        Self { width, height }
    }

    /// At most as large as a display leaves room for.
    pub(super) fn within(self, room: Self) -> Self {
        Self {
            width: self.width.min(room.width).max(Self::LEAST.width),
            height: self.height.min(room.height).max(Self::LEAST.height),
        }
    }

    /// Whether it is the same one, but for what comes of counting in whole pixels.
    fn is_like(self, other: Self) -> bool {
        (self.width - other.width).abs() < 1.0 && (self.height - other.height).abs() < 1.0
    }
}

/// Where the size is kept.
pub(super) struct Sizes {
    file: PathBuf,
    /// The size that the window has only because its display has no room for the one that is kept.
    fitted: Mutex<Option<Size>>,
}

impl Sizes {
    /// In a file of Usher's.
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, fitted: Mutex::default() }
    }

    /// The size that was kept last; the usual one where there is none, or one that makes no sense.
    pub(super) fn last(&self) -> Size {
        let kept = fs::read(&self.file).ok().and_then(|text| serde_json::from_slice::<Size>(&text).ok());
        kept.and_then(Size::sensible).unwrap_or(Size::USUAL)
    }

    /// The size that was kept last, as far as there is room for it.
    pub(super) fn fitting(&self, room: Size) -> Size {
        let (last, mut fitted) = (self.last(), self.fitted.lock().unwrap_or_else(PoisonError::into_inner));
        let size = last.within(room);
        *fitted = (!size.is_like(last)).then_some(size);
        size
    }

    /// The same for a window that has a size, which may fit as it is; nothing where it has the right one.
    pub(super) fn instead_of(&self, now: Size, room: Size, fits: bool) -> Option<Size> {
        let room = if fits && now.is_like(self.last()) { now } else { room };
        Some(self.fitting(room)).filter(|size| !size.is_like(now))
    }

    /// Keeps the size of a window, unless it fills its display. A size that cannot be kept is no reason to trouble anyone.
    pub(super) fn keep(&self, window: &WebviewWindow) {
        if window.is_maximized().unwrap_or(true) || window.is_fullscreen().unwrap_or(true) {
            return;
        }
        let Ok(scale) = window.scale_factor() else { return };
        let Ok(inner) = window.inner_size() else { return };
        self.write(Size::of(inner, scale));
    }

    fn write(&self, size: Size) {
        let fitted = *self.fitted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_chosen = !fitted.is_some_and(|fitted| size.is_like(fitted));
        if is_chosen && size.sensible().is_some() && size != self.last() {
            let _ = serde_json::to_vec(&size).map(|text| fs::write(&self.file, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_kept_and_one_that_makes_no_sense_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.json");
        let sizes = Sizes::new(file.clone());
        assert_eq!(sizes.last(), Size::USUAL);
        sizes.write(Size { width: 900.0, height: 700.0 });
        assert_eq!(sizes.last(), Size { width: 900.0, height: 700.0 });
        sizes.write(Size { width: 3.0, height: 700.0 });
        assert_eq!(sizes.last(), Size { width: 900.0, height: 700.0 });
        for text in ["", "{}", "{\"width\": 1e9, \"height\": 700}", "[1, 2]"] {
            fs::write(&file, text).unwrap();
            assert_eq!(sizes.last(), Size::USUAL, "{text}");
        }
    }

    #[test]
    fn a_size_that_a_display_has_no_room_for_is_had_again_where_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let sizes = Sizes::new(folder.path().join("window.json"));
        let (large, small) = (Size { width: 1500.0, height: 900.0 }, Size { width: 1000.0, height: 700.0 });
        sizes.write(large);
        assert_eq!(sizes.fitting(small), small);
        sizes.write(Size { width: 1000.4, height: 700.0 });
        assert_eq!(sizes.last(), large, "nobody has chosen the smaller size");
        assert_eq!(sizes.instead_of(small, small, true), None);
        assert_eq!(sizes.instead_of(small, large, true), Some(large));
        assert_eq!(sizes.instead_of(large, small, true), None, "only the frame is said to have no room");
        assert_eq!(sizes.instead_of(large, small, false), Some(small));
        let chosen = Size { width: 800.0, height: 650.0 };
        sizes.write(chosen);
        assert_eq!(sizes.last(), chosen, "this time somebody has");
    }

    #[test]
    fn a_window_of_a_large_display_fits_into_a_small_one() {
        let large = Size { width: 2000.0, height: 1500.0 };
        let room = Size { width: 1280.0, height: 720.0 };
        assert_eq!(large.within(room), room);
        assert_eq!(Size::USUAL.within(room), Size::USUAL);
        assert_eq!(large.within(Size { width: 10.0, height: 10.0 }), Size::LEAST);
    }
}
