//! The size the user has given the window, kept from one window to the next.
//!
//! Where it stands is not kept: it opens in the middle of the display that is in use, which may be another one.

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tauri::WebviewWindow;

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

    /// At most as large as a display leaves room for.
    pub(super) fn within(self, room: Self) -> Self {
        Self {
            width: self.width.min(room.width).max(Self::LEAST.width),
            height: self.height.min(room.height).max(Self::LEAST.height),
        }
    }
}

/// Where the size is kept.
pub(super) struct Sizes {
    file: PathBuf,
}

impl Sizes {
    /// In a file of Usher's.
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file }
    }

    /// The size that was kept last; the usual one where there is none, or one that makes no sense.
    pub(super) fn last(&self) -> Size {
        let kept = fs::read(&self.file).ok().and_then(|text| serde_json::from_slice::<Size>(&text).ok());
        kept.and_then(Size::sensible).unwrap_or(Size::USUAL)
    }

    /// Keeps the size of a window, unless it fills its display. A size that cannot be kept is no reason to trouble anyone.
    pub(super) fn keep(&self, window: &WebviewWindow) {
        if window.is_maximized().unwrap_or(true) || window.is_fullscreen().unwrap_or(true) {
            return;
        }
        let Ok(scale) = window.scale_factor() else { return };
        let Ok(inner) = window.inner_size() else { return };
        let inner = inner.to_logical::<f64>(scale);
        self.write(Size { width: inner.width, height: inner.height });
    }

    fn write(&self, size: Size) {
        if size.sensible().is_some() && size != self.last() {
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
    fn a_window_of_a_large_display_fits_into_a_small_one() {
        let large = Size { width: 2000.0, height: 1500.0 };
        let room = Size { width: 1280.0, height: 720.0 };
        assert_eq!(large.within(room), room);
        assert_eq!(Size::USUAL.within(room), Size::USUAL);
        assert_eq!(large.within(Size { width: 10.0, height: 10.0 }), Size::LEAST);
    }
}
