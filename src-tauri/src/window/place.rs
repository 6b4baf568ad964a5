//! Where the window opens: in the middle of the display that the pointer is on, since that is the one in use, and never
//! beyond its edges.

use tauri::{
    AppHandle, LogicalPosition, LogicalSize, Monitor, PhysicalPosition, PhysicalSize, WebviewWindow,
};

use super::size::{Size, Sizes};

/// What a window system puts around a window, at most. How much it is, it says only of a window that was shown.
const FRAME: Size = Size { width: 16.0, height: 48.0 };

/// The display in use; the first one where nobody can tell.
pub(super) fn display(app: &AppHandle) -> Option<Monitor> {
    let pointer = app.cursor_position().ok();
    let below = pointer.and_then(|at| app.monitor_from_point(at.x, at.y).ok().flatten());
    below
        .or_else(|| app.primary_monitor().ok().flatten())
        .or_else(|| app.available_monitors().ok()?.into_iter().next())
}

/// What a display has room for, in a window with its frame.
pub(super) fn room(display: &Monitor) -> Size {
    let room = display.work_area().size.to_logical::<f64>(display.scale_factor());
    Size { width: room.width - FRAME.width, height: room.height - FRAME.height }
}

/// Where a new window of a size begins. Told beforehand: what is moved before it was ever shown may be shown elsewhere.
pub(super) fn beginning(app: &AppHandle, size: Size) -> Option<LogicalPosition<f64>> {
    let display = display(app)?;
    let scale = display.scale_factor();
    let size = LogicalSize::new(size.width, size.height).to_physical(scale);
    let area = display.work_area();
    let at = inside(area.position, area.size, centred(area.position, area.size, size), framed(size, scale));
    Some(at.to_logical(scale))
}

/// The size of a window with its frame.
fn framed(size: PhysicalSize<u32>, scale: f64) -> PhysicalSize<u32> {
    let frame: PhysicalSize<u32> = LogicalSize::new(FRAME.width, FRAME.height).to_physical(scale);
    PhysicalSize::new(size.width + frame.width, size.height + frame.height)
}

/// Where a window is to stand that was out of sight, and how large.
pub(super) struct Seat {
    at: PhysicalPosition<i32>,
    /// Nothing where it has the right size.
    size: Option<LogicalSize<f64>>,
}

impl Seat {
    /// A place on the display in use, into which the window has to fit. On that one it stays where it is, as far as it
    /// can be seen there: the user may have moved it there, and the display may be another one since.
    pub(super) fn of(window: &WebviewWindow, app: &AppHandle, sizes: &Sizes) -> Option<Self> {
        let display = display(app)?;
        let (area, scale) = (display.work_area(), display.scale_factor());
        let (at, outer) = (window.outer_position().ok()?, window.outer_size().ok()?);
        let inner = window.inner_size().ok()?;
        let fits = outer.width <= area.size.width && outer.height <= area.size.height;
        let is_free = !window.is_maximized().ok()? && !window.is_fullscreen().ok()?;
        let size = is_free.then(|| sizes.instead_of(Size::of(inner, scale), room(&display), fits)).flatten();
        let size = size.map(|size| LogicalSize::new(size.width, size.height));
        let next = size.map_or(inner, |size| size.to_physical(scale));
        let now = window.current_monitor().ok().flatten();
        let is_here = now.is_some_and(|now| now.position() == display.position());
        let at = if is_here { at } else { centred(area.position, area.size, next) };
        // A window that is out of sight may have no frame that could be measured.
        let at = inside(area.position, area.size, at, framed(next, scale));
        Some(Self { at, size })
    }

    /// Has a window that is out of sight come in sight there.
    pub(super) fn prepare(&self, window: &WebviewWindow) {
        let _ = window.set_position(self.at);
    }

    /// Has a window in sight stand there: a window manager may have thought that it knows better where it comes in sight.
    /// Not before then the size, which was to fit into the display that it came in sight on.
    pub(super) fn take(&self, window: &WebviewWindow) {
        self.prepare(window);
        if let Some(size) = self.size {
            let _ = window.set_size(size);
        }
    }
}

/// Where a window of a size begins that stands in the middle of an area; never above or left of it.
fn centred(
    at: PhysicalPosition<i32>,
    room: PhysicalSize<u32>,
    size: PhysicalSize<u32>,
) -> PhysicalPosition<i32> {
    PhysicalPosition::new(
        at.x + whole(room.width.saturating_sub(size.width) / 2),
        at.y + whole(room.height.saturating_sub(size.height) / 2),
    )
}

/// The place nearest to one where a window of a size is inside an area; never above or left of it.
fn inside(
    at: PhysicalPosition<i32>,
    room: PhysicalSize<u32>,
    begins: PhysicalPosition<i32>,
    size: PhysicalSize<u32>,
) -> PhysicalPosition<i32> {
    let last = |at: i32, room: u32, size: u32| at + whole(room.saturating_sub(size));
    PhysicalPosition::new(
        begins.x.clamp(at.x, last(at.x, room.width, size.width)),
        begins.y.clamp(at.y, last(at.y, room.height, size.height)),
    )
}

fn whole(length: u32) -> i32 {
    i32::try_from(length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_stands_in_the_middle_of_any_display_and_never_off_it() {
        let second = (PhysicalPosition::new(-1280, 40), PhysicalSize::new(1280, 720));
        let at = |width, height| centred(second.0, second.1, PhysicalSize::new(width, height));
        assert_eq!(at(720, 560), PhysicalPosition::new(-1000, 120));
        assert_eq!(at(2000, 1500), PhysicalPosition::new(-1280, 40));
    }

    #[test]
    fn a_window_stays_where_it_is_as_far_as_the_display_reaches() {
        let (at, room) = (PhysicalPosition::new(0, 30), PhysicalSize::new(1280, 770));
        let size = PhysicalSize::new(720, 560);
        let moved = |x, y| inside(at, room, PhysicalPosition::new(x, y), size);
        assert_eq!(moved(200, 100), PhysicalPosition::new(200, 100));
        // It stood on a display to the right that is gone, or on one above.
        assert_eq!(moved(1500, 600), PhysicalPosition::new(560, 240));
        assert_eq!(moved(-50, -800), PhysicalPosition::new(0, 30));
        let large = PhysicalSize::new(2000, 1500);
        assert_eq!(inside(at, room, PhysicalPosition::new(200, 100), large), at);
    }
}
