//! Where the window opens: in the middle of the display that the pointer is on, since that is the one in use.

use tauri::{
    AppHandle, LogicalPosition, LogicalSize, Monitor, PhysicalPosition, PhysicalSize, WebviewWindow,
};

use super::size::Size;

/// The display in use; the first one where nobody can tell.
pub(super) fn display(app: &AppHandle) -> Option<Monitor> {
    let pointer = app.cursor_position().ok();
    let below = pointer.and_then(|at| app.monitor_from_point(at.x, at.y).ok().flatten());
    below.or_else(|| app.primary_monitor().ok().flatten())
}

/// Where a new window of a size begins. Told beforehand: what is moved before it was ever shown may be shown elsewhere.
pub(super) fn beginning(app: &AppHandle, size: Size) -> Option<LogicalPosition<f64>> {
    let display = display(app)?;
    let (area, scale) = (display.work_area(), display.scale_factor());
    let size = LogicalSize::new(size.width, size.height).to_physical(scale);
    Some(centred(area.position, area.size, size).to_logical(scale))
}

/// Brings a window to the display in use. On that one it stays where it is: the user may have moved it there.
pub(super) fn bring(window: &WebviewWindow, app: &AppHandle) {
    let (Some(display), Ok(Some(now))) = (display(app), window.current_monitor()) else { return };
    if display.position() == now.position() {
        return;
    }
    let Ok(size) = window.outer_size() else { return };
    let area = display.work_area();
    let _ = window.set_position(centred(area.position, area.size, size));
}

/// Where a window of a size begins that stands in the middle of an area; never above or left of it.
fn centred(
    at: PhysicalPosition<i32>,
    room: PhysicalSize<u32>,
    size: PhysicalSize<u32>,
) -> PhysicalPosition<i32> {
    let half = |room: u32, size: u32| i32::try_from(room.saturating_sub(size) / 2).unwrap_or_default();
    PhysicalPosition::new(at.x + half(room.width, size.width), at.y + half(room.height, size.height))
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
}
