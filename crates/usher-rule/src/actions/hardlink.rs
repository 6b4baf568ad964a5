//! `hardlink`: a second name for the same file.

use super::link::Link;
use super::{Action, conflict, destination};
use crate::load::{Reader, Spec};

pub(super) const SPEC: Spec = Spec {
    positional: Some("dest"),
    params: &[destination::DEST, conflict::ON_CONFLICT, conflict::RENAME_TEMPLATE, destination::AUTODETECT],
    ..Spec::new(
        "hardlink",
        "gives the file a second name on the same file system; the next actions see the original",
    )
};

pub(super) fn read(reader: &mut Reader<'_, '_>) -> Option<Box<dyn Action>> {
    Some(Link::read(reader, SPEC.name, true))
}

#[cfg(test)]
mod tests {
    use crate::fake::Fake;

    #[test]
    fn a_second_name_is_made_once() {
        let world = Fake::new().file("/in/a.txt", "x");
        assert_eq!(
            world.run("- hardlink: /names/\n- echo: '{path}'", "/in/a.txt"),
            "hardlink /in/a.txt -> /names/a.txt\necho /in/a.txt\n"
        );
        assert_eq!(world.run("- hardlink: /names/", "/in/a.txt"), "hardlink /in/a.txt (already there)\n");
    }

    #[test]
    fn folders_and_other_file_systems_are_refused() {
        let world = Fake::new().dir("/in/tree").file("/in/a.txt", "x").dir("/usb").on_device("/usb", 2);
        let said = world.run("- hardlink: /names/", "/in/tree");
        assert_eq!(said, "error: /in/tree is a folder, and a folder cannot have a second name\n");
        let said = world.run("- hardlink: /usb/sub/", "/in/a.txt");
        assert!(said.starts_with("error: /in/a.txt and /usb/sub are on different file systems"), "{said}");
    }
}
